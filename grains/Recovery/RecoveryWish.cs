using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Recovery;

/// <summary>What somebody typed who has forgotten a password, as it waits in the outbox: sealed, since it may be anything.</summary>
internal sealed record RecoveryWish(string LoginId, ImmutableArray<string> LoginIdTypes, Guid? ApplicationId, JsonElement? State, string LinkOrigin, string? Address)
{
    /// <summary>Where the wish came from; null in rows that an earlier version wrote.</summary>
    public EventInfo? Info { get; init; }

    /// <summary>The name of the queue.</summary>
    public const string QueueName = "recovery";

    public byte[] Seal(SecretBox secrets, Guid id) => Encoding.UTF8.GetBytes(secrets.Seal(JsonSerializer.Serialize(this, ContractJson.Options), Place(id)));

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static RecoveryWish Open(SecretBox secrets, Guid id, byte[] body) =>
        JsonSerializer.Deserialize<RecoveryWish>(secrets.Open(Encoding.UTF8.GetString(body), Place(id)), ContractJson.Options) ?? throw new JsonException("The wish is null.");

    public override string ToString() => "recovery wish";

    private static string Place(Guid id) => $"outbox/{id:N}/body";
}
