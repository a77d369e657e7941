using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;

namespace OrleansAuth.Verification;

/// <summary>
/// Makes ids that prove something when they come back, and the messages that carry them. Pure apart from randomness: what it
/// makes is stored by the commit that it is made for.
/// </summary>
internal sealed class Proofs(Notices notices, SecretBox secrets, ConfigurationReader configuration, Clock clock)
{
    /// <summary>A new id for the user, and a code where the settings want one.</summary>
    public ProofDraft Draft(Tenant tenant, ProofOrder order, string? value, int generation = 0)
    {
        var shape = ProofShape.Of(tenant, order);
        var id = order.Id ?? IdentifierText.New(shape.Id);
        var code = shape.IsCode ? IdentifierText.New(shape.Code) : null;
        var hash = IdentifierGrainKeys.IdOf(KindOf(order.Kind), id);
        return new ProofDraft(order, id, code, new StoredProof
        {
            IdHash = hash,
            ExpiresAt = clock.Now + shape.Life,
            Value = value,
            Sent = order.LinkOrigin is not null,
            Generation = order.Kind == ProofKind.Passwordless ? generation : 0,
            Sealed = code is null ? null : secrets.Seal(JsonSerializer.Serialize(new IdAndCode(id, code), ContractJson.Options), Place(hash)),
            Browser = order.Browser,
        });
    }

    /// <summary>The user with the draft in place of what it replaces.</summary>
    public StoredUser With(StoredUser user, ProofDraft draft) => user.WithProof(draft.Key, draft.Stored, clock.Now);

    /// <summary>Issues the id as part of a commit, and sends it where the order says so. A conflict over the id means to try again with another.</summary>
    public void Add(Commit commit, StoredUser user, Tenant tenant, ProofDraft draft)
    {
        commit.Issue(KindOf(draft.Order.Kind), draft.Id, new StoredIdentifier
        {
            TenantId = tenant.Id,
            IssuedAt = clock.Now,
            ExpiresAt = draft.Stored.ExpiresAt,
            Content = JsonSerializer.SerializeToElement(
                new StoredProofId { Kind = draft.Order.Kind, UserId = user.Id, ApplicationId = draft.Order.Application?.Id, State = draft.Order.State }, ContractJson.Options),
        });
        if (draft.Stored.Sent) Send(commit, user, tenant, draft.Order, draft.Id, draft.Code, draft.Stored);
    }

    /// <summary>Sends an id, with its code where it has one, as part of a commit.</summary>
    public void Send(Commit commit, StoredUser user, Tenant tenant, ProofOrder order, string id, string? code, StoredProof stored)
    {
        var shape = ProofShape.Of(tenant, order);
        var passwordless = order.Kind == ProofKind.Passwordless;
        var values = new JsonObject { [passwordless ? "code" : "verificationId"] = id };
        if (code is not null) values[passwordless ? "oneTimeCode" : "verificationOneTimeCode"] = code;
        if (order.State is { } state) values["state"] = JsonNode.Parse(state.GetRawText());
        if (order.Kind == ProofKind.Registration && user.User.Registrations.FirstOrDefault(r => r.ApplicationId == order.Application?.Id) is { } registration)
            values["registration"] = ContractJson.ToNode(registration with { AuthenticationToken = null, Tokens = ImmutableDictionary<string, string>.Empty });
        var notice = new Notice(shape.Occasion, user, tenant, order.Application)
        {
            Link = code is null ? Link(order, shape, tenant, id) : null,
            Code = code,
            Values = values,
            To = stored.Value,
            Expires = stored.ExpiresAt,
        };
        if (order.ByPhone) notices.Text(commit, notice);
        else notices.Mail(commit, notice);
    }

    /// <summary>Id and code of a proof that has a code; null of any other.</summary>
    public IdAndCode? Open(StoredProof proof) =>
        proof.Sealed is { } text ? JsonSerializer.Deserialize<IdAndCode>(secrets.Open(text, Place(proof.IdHash)), ContractJson.Options) : null;

    /// <summary>Whether a code is the one of the proof. People type small letters for capital ones, and blanks.</summary>
    public bool Matches(StoredProof proof, string typed)
    {
        if (Open(proof)?.Code is not { } code) return false;
        var plain = typed.Replace(" ", "", StringComparison.Ordinal);
        return Same(plain, code) | Same(plain.ToUpperInvariant(), code);
    }

    /// <summary>The application of that id, if it is one of the tenant.</summary>
    public Application? ApplicationOf(Tenant tenant, Guid? id) =>
        configuration.Current.FindIn<Application>(tenant.Id, id);

    public static string KindOf(ProofKind kind) => kind == ProofKind.Passwordless ? IdentifierKinds.Passwordless : IdentifierKinds.Verification;

    private static string Link(ProofOrder order, ProofShape shape, Tenant tenant, string id)
    {
        var link = $"{order.LinkOrigin?.TrimEnd('/')}{shape.Page}{Uri.EscapeDataString(id)}?tenantId={tenant.Id}";
        return order.Application is { } application ? $"{link}&client_id={Uri.EscapeDataString(application.ClientId)}" : link;
    }

    private static bool Same(string typed, string code) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(typed)), SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private static string Place(string idHash) => $"proof/{idHash}";
}

/// <summary>What is told and sent again.</summary>
internal sealed record IdAndCode(string Id, string Code)
{
    public override string ToString() => "id and code";
}
