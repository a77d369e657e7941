using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Between a hash as it is computed and as it is stored, and what a tenant's hashes cost.</summary>
internal static class PasswordStorage
{
    public static StoredPassword Stored(PasswordHash hash) => new(hash.Scheme, hash.Factor, hash.Salt, hash.Hash);

    public static PasswordHash Computed(StoredPassword stored) => new(stored.Scheme, stored.Salt, stored.Hash, stored.Factor);

    /// <summary>The tenant's scheme and factor, or the default where the tenant's cannot be used.</summary>
    public static PasswordCost CostOf(Tenant tenant)
    {
        var wanted = tenant.PasswordEncryptionConfiguration;
        var scheme = PasswordSchemes.BuiltIn.Find(wanted.EncryptionScheme);
        if (scheme is null) return PasswordCost.Default;
        return new PasswordCost(scheme.Name, scheme.Factors.Has(wanted.EncryptionSchemeFactor) ? wanted.EncryptionSchemeFactor : scheme.DefaultFactor);
    }
}
