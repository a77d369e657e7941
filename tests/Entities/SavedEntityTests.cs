using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Entities;

/// <summary>Yesterday's rows still read.</summary>
public sealed class SavedEntityTests
{
    private static readonly SecretBox Box = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly EntityCodec Codec = new(Box);
    private static readonly Guid Id = Guid.Parse("22222222-2222-2222-2222-222222222222");

    private const string Saved = """
        {"clientId":"robot","clientSecret":"@secret","data":{"a":[1,null]},"id":"22222222-2222-2222-2222-222222222222","insertInstant":2,"lastUpdateInstant":3,"name":"Robot","parentId":"33333333-3333-3333-3333-333333333333","tenantId":"11111111-1111-1111-1111-111111111111","type":{"id":"44444444-4444-4444-4444-444444444444"},"memberOfTomorrow":{"b":2}}
        """;

    /// <summary>Sealed by the first version with the key of these tests.</summary>
    private const string SealedSecret = "enc:v1:AAECAwQFBgcICQoLEBBy8quvBH/m9igiFE2ePlW2LSPJ484r";

    [Fact]
    public void A_saved_entity_reads_and_writes_the_same()
    {
        var entity = Codec.Read(Id, Encoding.UTF8.GetBytes(Saved.Replace("@secret", SealedSecret, StringComparison.Ordinal)));
        Assert.Equal(("robot", "a secret", "Robot"), (entity.ClientId, entity.ClientSecret, entity.Name));
        Assert.Equal((2, 3, Guid.Parse("44444444-4444-4444-4444-444444444444")), (entity.InsertInstant, entity.LastUpdateInstant, entity.Type!.Id));
        var written = (JsonObject)JsonNode.Parse(Codec.Write(entity))!;
        Assert.Equal("a secret", Box.Open((string)written["clientSecret"]!, "entity/22222222222222222222222222222222/clientSecret"));
        written["clientSecret"] = "@secret";
        Assert.Equal(Saved, written.ToJsonString());
    }

    [Fact]
    public void An_entity_with_the_least_reads_too()
    {
        var entity = Codec.Read(Id, Encoding.UTF8.GetBytes("""{"id":"22222222-2222-2222-2222-222222222222"}"""));
        Assert.Null(entity.ClientSecret);
        Assert.Null(entity.ParentId);
        Assert.Null(entity.Data);
    }

    [Fact]
    public void A_secret_moved_to_another_entity_does_not_open() =>
        Assert.Throws<StoreUnavailableException>(() => Codec.Read(Guid.NewGuid(), Encoding.UTF8.GetBytes(Saved.Replace("@secret", SealedSecret, StringComparison.Ordinal))));
}
