using System.Buffers.Text;
using System.Security.Cryptography;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Keys;

/// <summary>What makes an API key valid.</summary>
internal sealed class ApiKeyRules() : FamilyRules<ApiKey>(Families.ApiKeys)
{
    private const int ShortestKey = 16;
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public override IReadOnlyCollection<string> NotCopied => ["key", "name", "keyManager"];

    protected override IEnumerable<UniqueName> Names(ApiKey value)
    {
        // The claim holds the hash, so that the store never has a key that can be read and used.
        yield return new(new ClaimKey("api-key", Convert.ToHexString(SHA256.HashData(global::System.Text.Encoding.UTF8.GetBytes(value.Key!)))), "key");
        if (!value.Retrievable) yield return Name(value.Name!, null);
    }

    /// <summary>The key's value, its tenant and whether it may manage keys are decided once; no key can make another manager.</summary>
    protected override ApiKey Complete(ApiKey next, ApiKey? current, RuleContext context) => next with
    {
        Key = current?.Key ?? (string.IsNullOrWhiteSpace(next.Key) ? NewKey() : next.Key.Trim()),
        KeyManager = current?.KeyManager ?? (next.KeyManager && context.Actor.ApiKeyId is null),
        TenantId = current is null ? next.TenantId ?? Creator(context)?.TenantId : current.TenantId,
        Retrievable = current?.Retrievable ?? next.Retrievable,
    };

    protected override void Check(ApiKey next, ApiKey? current, RuleContext context, Errors errors)
    {
        errors.NotLonger(next.Name, "name", 191);
        errors.NotLonger(next.Key, "key", 191);
        if (next.Key!.Length < ShortestKey)
            errors.Add("key", "tooShort", $"The [apiKey.key] must have at least {ShortestKey} characters.");
        if (next.Key.Any(c => c is <= ' ' or > '~'))
            errors.Add("key", "invalid", "The [apiKey.key] travels in a header: printable ASCII characters without spaces only.");
        if (!next.Retrievable && string.IsNullOrWhiteSpace(next.Name))
            errors.Add("name", "blank", "A key that cannot be read again needs a name, or nobody could tell it from others.");
        if (next.TenantId is { } tenant && context.Snapshot.Find<Tenant>(tenant) is null)
            errors.Add("tenantId", "invalid", $"There is no tenant with the Id [{tenant}].");
        foreach (var (path, methods) in next.Permissions.Endpoints)
        {
            if (!path.StartsWith('/') || methods.Any(m => !Methods.Contains(m)))
                errors.Add($"permissions.endpoints.{path}", "invalid", "Permissions name a path and the methods GET, POST, PUT, PATCH and DELETE.");
        }

        if (context.Actor.ApiKeyId is not null) CheckRights(next, Creator(context), errors);
    }

    /// <summary>However a change is written (create, copy, replace, patch), its result has no more rights than the key that asks for it.</summary>
    private static void CheckRights(ApiKey next, ApiKey? creator, Errors errors)
    {
        if (creator?.ReachesTenant(next.TenantId) != true)
            errors.Add("tenantId", "invalid", "A key of one tenant cannot make a key of another.");
        if (creator?.Permissions.Covers(next.Permissions) != true)
            errors.Add("permissions", "invalid", "A key cannot be given more than the key that makes it has.");
    }

    private static ApiKey? Creator(RuleContext context) => context.Snapshot.Find<ApiKey>(context.Actor.ApiKeyId);

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
}
