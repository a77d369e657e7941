using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Tenants;

namespace OrleansAuth.Verification;

/// <summary>What somebody typed who wants a message, as it waits in the outbox: sealed, since it may be anything.</summary>
internal sealed record ProofWish(ProofKind Kind, string LoginId, ImmutableArray<string> LoginIdTypes, Guid? ApplicationId, JsonElement? State, string LinkOrigin, string? Address)
{
    /// <summary>Where the wish came from; null in rows that an earlier version wrote.</summary>
    public EventInfo? Info { get; init; }

    /// <summary>The name of the queue.</summary>
    public const string QueueName = "proof";

    public VerificationStrategy? Strategy { get; init; }

    /// <summary>The id that the browser holds which asked; null for none.</summary>
    public string? ProofId { get; init; }

    /// <summary>The browser that the link is bound to, as a hash.</summary>
    public string? Browser { get; init; }

    public byte[] Seal(SecretBox secrets, Guid id) => Encoding.UTF8.GetBytes(secrets.Seal(JsonSerializer.Serialize(this, ContractJson.Options), Place(id)));

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static ProofWish Open(SecretBox secrets, Guid id, byte[] body) =>
        JsonSerializer.Deserialize<ProofWish>(secrets.Open(Encoding.UTF8.GetString(body), Place(id)), ContractJson.Options) ?? throw new JsonException("The wish is null.");

    public override string ToString() => $"proof wish ({Kind})";

    private static string Place(Guid id) => $"outbox/{id:N}/body";
}
