namespace OrleansAuth.Users;

/// <summary>
/// One way to store a password, under the name that the contract gives it. Implementations are stateless, take the whole
/// password as UTF-8, and are called on the hasher's own threads.
/// </summary>
internal interface IPasswordScheme
{
    /// <summary>The contract's name, such as <c>salted-pbkdf2-hmac-sha256</c>.</summary>
    string Name { get; }

    /// <summary>The factor of new hashes where nobody chose one.</summary>
    int DefaultFactor { get; }

    /// <summary>Factors that are accepted. The upper end keeps one hash within seconds, so an import cannot park the server.</summary>
    FactorRange Factors { get; }

    /// <summary>A fresh random salt in the form that the scheme stores.</summary>
    string NewSalt();

    /// <summary>Hashes a password. Salt and factor must have passed <see cref="Check"/>.</summary>
    string Hash(string password, string salt, int factor);

    /// <summary>Says what is wrong with a stored or imported hash, or <see cref="PasswordHashFault.None"/>.</summary>
    PasswordHashFault Check(string? salt, string? hash, int factor);
}

/// <summary>The factors that a scheme accepts, both ends included.</summary>
internal readonly record struct FactorRange(int Lowest, int Highest)
{
    public bool Has(int factor) => factor >= Lowest && factor <= Highest;
}

/// <summary>Which part of a password hash from outside cannot be used.</summary>
internal enum PasswordHashFault
{
    None,

    /// <summary>The scheme is not one of the nine.</summary>
    Scheme,

    /// <summary>The salt is missing or not in the scheme's encoding.</summary>
    Salt,

    /// <summary>The hash is missing, not in the scheme's encoding, or not of its length.</summary>
    Hash,

    /// <summary>The factor is outside <see cref="IPasswordScheme.Factors"/>.</summary>
    Factor,
}
