using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>The password schemes by name. Names are compared exactly; <c>phppass-sha512</c> is read as <c>phpass-sha512</c>.</summary>
internal sealed class PasswordSchemes
{
    private readonly FrozenDictionary<string, IPasswordScheme> _byName;

    public PasswordSchemes(params IReadOnlyList<IPasswordScheme> schemes)
    {
        All = schemes;
        _byName = schemes.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
    }

    /// <summary>The nine schemes of the contract.</summary>
    public static PasswordSchemes BuiltIn { get; } = new(
        DigestScheme.SaltedMd5, DigestScheme.SaltedSha256, new HmacScheme(),
        Pbkdf2Scheme.Sha256, Pbkdf2Scheme.Sha256Wide, Pbkdf2Scheme.Sha512,
        new BcryptScheme(), PhpassScheme.Md5, PhpassScheme.Sha512);

    public IReadOnlyList<IPasswordScheme> All { get; }

    /// <summary>The scheme of that name, or null.</summary>
    public IPasswordScheme? Find(string? name) =>
        // The contract's reference page and its request bodies spell this one differently.
        name is null ? null : _byName.GetValueOrDefault(name == "phppass-sha512" ? "phpass-sha512" : name);

    /// <summary>Says what is wrong with a hash that comes from outside, before anything of it is stored.</summary>
    public PasswordHashFault Check(string? scheme, string? salt, string? hash, int factor) =>
        Find(scheme)?.Check(salt, hash, factor) ?? PasswordHashFault.Scheme;

    /// <summary>Compares two hash texts in a time that depends on their lengths only.</summary>
    public static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
