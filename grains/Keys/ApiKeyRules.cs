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

    public override IReadOnlyCollection<string> NotCopied => ["key", "name"];

    protected override IEnumerable<UniqueName> Names(ApiKey value)
    {
        // The claim holds the hash, so that the store never has a key that can be read and used.
        yield return new(new ClaimKey("api-key", Convert.ToHexString(SHA256.HashData(global::System.Text.Encoding.UTF8.GetBytes(value.Key!)))), "key");
        if (!value.Retrievable) yield return Name(value.Name!, null);
    }

    /// <summary>The key's value, its tenant and whether it may manage keys are decided once.</summary>
    protected override ApiKey Complete(ApiKey next, ApiKey? current, RuleContext context) => next with
    {
        Key = current?.Key ?? (string.IsNullOrWhiteSpace(next.Key) ? NewKey() : next.Key.Trim()),
        KeyManager = current?.KeyManager ?? next.KeyManager,
        TenantId = current is null ? next.TenantId : current.TenantId,
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
    }

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
}
