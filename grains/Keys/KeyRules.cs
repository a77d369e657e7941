using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Entities;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Keys;

/// <summary>What makes a key valid. Its material is read again here, whoever sent it, so nothing inconsistent is stored.</summary>
internal sealed class KeyRules() : FamilyRules<Key>(Families.Keys)
{
    protected override IEnumerable<UniqueName> Names(Key value) => [Name(value.Name, null), new(new ClaimKey("key-kid", value.Kid ?? ""), "kid")];

    protected override Key Complete(Key next, Key? current, RuleContext context)
    {
        if (current is not null) return current with { Name = next.Name.Trim(), LastUpdateInstant = context.Now };
        if (KeyImport.Read(next.Parts()).Key is not { } material) return next;
        var parts = material.Parts;
        return next with
        {
            Name = next.Name.Trim(),
            Type = material.Type,
            Kid = material.Kid,
            Length = material.Length,
            HasPrivateKey = parts.PrivateKey is not null,
            PublicKey = parts.PublicKey,
            PrivateKey = parts.PrivateKey,
            Certificate = parts.Certificate,
            Secret = parts.Secret,
            ExpirationInstant = material.Certificate?.ValidTo,
        };
    }

    protected override void Check(Key next, Key? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.NotLonger(next.Kid, "kid", 255);
        errors.NotLonger(next.Issuer, "issuer", 255);
        if (current is null && KeyImport.Read(next.Parts()).Fault is { } fault)
            errors.Add(fault.Field, fault.Rule, Explain(fault));
    }

    /// <summary>A key that signs for somebody stays; take it out of their settings first.</summary>
    protected override Refusal? RefuseRemoval(Key current, RuleContext context)
    {
        var users = context.Snapshot.All<Tenant>().Where(t => Uses(t.JwtConfiguration, current)).Select(t => t.Name)
            .Concat(context.Snapshot.All<Application>().Where(a => Uses(a.JwtConfiguration, current)).Select(a => a.Name))
            .Concat(context.Snapshot.All<EntityType>().Where(t => t.JwtConfiguration.AccessTokenKeyId == current.Id).Select(t => t.Name))
            .Concat(context.Snapshot.All<Webhook>().Where(w => w.SslCertificateKeyId == current.Id || w.SignatureConfiguration.SigningKeyId == current.Id).Select(w => w.ToString())).Take(3).ToList();
        return users.Count == 0 ? null : Refusal.Invalid(ContractError.General("[inUse]key", $"The key is in use by {string.Join(", ", users)}. Choose another key there first."));
    }

    private static bool Uses(JwtConfiguration configuration, Key key) => configuration.AccessTokenKeyId == key.Id || configuration.IdTokenKeyId == key.Id;

    internal static string Explain(KeyFault fault) => fault.Rule switch
    {
        "missing" => $"The [key.{fault.Field}] is missing.",
        "mismatch" => $"The [key.{fault.Field}] does not belong to the other parts of the key.",
        "tooShort" => $"The [key.{fault.Field}] is too short for this algorithm.",
        "tooLong" => $"The [key.{fault.Field}] is too long.",
        _ => $"The [key.{fault.Field}] is not what this algorithm needs, or cannot be read.",
    };
}
