namespace OrleansAuth.Users;

/// <summary>A password as it is stored: the scheme's name, salt and hash in the contract's encodings, and the factor.</summary>
internal sealed record PasswordHash(string Scheme, string Salt, string Hash, int Factor)
{
    /// <summary>Names the scheme only: a hash has no business in a log.</summary>
    public override string ToString() => $"password hash ({Scheme})";
}

/// <summary>What hashing costs: the scheme and factor that a tenant asks for.</summary>
internal sealed record PasswordCost(string Scheme, int Factor)
{
    /// <summary>PBKDF2-HMAC-SHA256 with 24,000 rounds, the contract's default.</summary>
    public static PasswordCost Default { get; } = new("salted-pbkdf2-hmac-sha256", 24_000);
}
