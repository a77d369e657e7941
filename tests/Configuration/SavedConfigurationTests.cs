using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Groups;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Keys;
using OrleansAuth.Messages;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Configuration;

/// <summary>
/// Rows as the first version stored them, secrets sealed with a key that only these tests have. They must read for ever:
/// a change that breaks them needs a way to read the old form, not another file.
/// </summary>
public sealed class SavedConfigurationTests
{
    private static readonly ConfigurationCodec Codec = new(new SecretBox([.. Enumerable.Range(1, 32).Select(i => (byte)i)]));

    public static TheoryData<string> Names() => [.. Families.All.Where(f => f != Families.ApplicationSessions).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_first_version_stored_reads_and_is_written_again_whole(string family)
    {
        var (kind, saved, value) = Load(family);
        var written = (JsonObject)JsonNode.Parse(Codec.Write(kind, value))!;
        foreach (var path in kind.Secrets.Select(p => p.Split('.')))
        {
            // Every sealing makes other bytes of the same secret.
            var (before, after) = (Holder(saved, path), Holder(written, path));
            Assert.Equal(before?[path[^1]] is null, after?[path[^1]] is null);
            before?.Remove(path[^1]);
            after?.Remove(path[^1]);
        }

        Assert.Contains("memberOfTomorrow", written.ToJsonString(), StringComparison.Ordinal);
        AssertHolds(saved, written, family);
    }

    [Fact]
    public void Secrets_and_settings_have_the_values_they_had()
    {
        Assert.Equal("smtp-secret", ((Tenant)Load("tenant").Value).EmailConfiguration.Password);
        Assert.Equal(1234, ((Tenant)Load("tenant").Value).JwtConfiguration.TimeToLiveInSeconds);
        var application = (Application)Load("application").Value;
        Assert.Equal("client-secret", application.OauthConfiguration.ClientSecret);
        Assert.Equal(["reader"], application.Roles.Select(r => r.Name));
        Assert.Equal("hmac-secret-of-the-saved-key-32-bytes", ((Key)Load("key").Value).Secret);
        Assert.Equal("api-key-that-was-saved", ((ApiKey)Load("apiKey").Value).Key);
        Assert.Equal("GET", Assert.Single(((ApiKey)Load("apiKey").Value).Permissions.Endpoints["/api/user"]));
        Assert.Single(((Group)Load("group").Value).RoleIds);
        var messenger = (Messenger)Load("messenger").Value;
        Assert.Equal(("twilio-token", "generic-password"), (messenger.AuthToken, messenger.HttpAuthenticationPassword));
        Assert.Equal("a:b", KafkaProducer.Secrets(messenger)[KafkaProducer.BridgeUser]);
        var webhook = (Webhook)Load("webhook").Value;
        Assert.Equal(("webhook-password", "header-value", "login"), (webhook.HttpAuthenticationPassword, webhook.HeadersToSend()["X-Api-Key"], webhook.HeadersToSend()["X-Team"]));
        Assert.Equal([webhook.Secret!, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="], webhook.SigningSecrets(DateTimeOffset.FromUnixTimeMilliseconds(4_999)).AsEnumerable());
        Assert.Equal(["whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="], webhook.SigningSecrets(DateTimeOffset.FromUnixTimeMilliseconds(5_000)).AsEnumerable());
        Assert.False(webhook.IsAtWork);
        var provider = (IdentityProvider)Load("identityProvider").Value;
        Assert.Equal(("provider-secret", ProviderClientAuthentication.ClientSecretPost, 3), (provider.OAuth2.ClientSecret, provider.OAuth2.ClientAuthenticationMethod, provider.MostLinks(provider.TenantId!.Value)));
        Assert.Equal(("own", "own-secret", "openid"), ProviderClient.Of(provider, provider.ApplicationConfiguration.Keys.Single()) is var own ? (own.ClientId, own.ClientSecret, own.Scope) : default);
    }

    private static (ConfigurationFamily Family, JsonObject Saved, ConfigurationObject Value) Load(string name)
    {
        var family = Families.Named(name);
        var bytes = File.ReadAllBytes(Path.Combine(Tools.RepositoryRoot, "tests", "Configuration", "saved", $"{name}.json"));
        var saved = (JsonObject)JsonNode.Parse(bytes)!;
        return (family, saved, Codec.Read(family, ConfigurationCodec.Key(family, (Guid)saved["id"]!), bytes));
    }

    private static JsonObject? Holder(JsonObject document, string[] path) => path.Length == 1 ? document : document[path[0]] as JsonObject;

    /// <summary>Everything saved is still there with its value; later versions may add members.</summary>
    private static void AssertHolds(JsonNode? saved, JsonNode? written, string path)
    {
        if (saved is JsonObject members)
            foreach (var (name, value) in members) AssertHolds(value, (written as JsonObject)?[name], $"{path}.{name}");
        else
            Assert.True(JsonNode.DeepEquals(saved, written), $"{path} was {saved?.ToJsonString()} and is {written?.ToJsonString()}");
    }
}
