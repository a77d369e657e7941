using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Storage.Tokens;

/// <summary>
/// The keys of a snapshot, ready to use. A key is read from its text once and kept as long as any snapshot has it, so a
/// change of something else costs nothing here.
/// </summary>
public static class SigningKeys
{
    private static readonly ConditionalWeakTable<Key, SigningKey> Loaded = [];

    /// <summary>The key that tokens name by <paramref name="kid"/>, or null. The text is compared and used for nothing else.</summary>
    public static SigningKey? FindByKid(this ConfigurationSnapshot snapshot, string kid) =>
        snapshot.Derive(ByKid).GetValueOrDefault(kid) is { } key ? Of(key) : null;

    /// <summary>The key ready to use; null where its text cannot be read or it is a plain secret.</summary>
    public static SigningKey? Of(Key key)
    {
        var loaded = Loaded.GetValue(key, SigningKey.Load);
        return loaded.Material is { SignatureSize: > 0 } ? loaded : null;
    }

    private static FrozenDictionary<string, Key> ByKid(ConfigurationSnapshot snapshot) =>
        snapshot.All<Key>().Where(k => k.Kid is not null).ToFrozenDictionary(k => k.Kid!, StringComparer.Ordinal);
}

/// <summary>A key with what is made from it once.</summary>
public sealed class SigningKey
{
    private readonly byte[] _plain = [];
    private readonly ConcurrentDictionary<string, byte[]> _headers = new(StringComparer.Ordinal);

    private SigningKey(Key key, KeyMaterial? material)
    {
        (Key, Material) = (key, material!);
        if (material is null) return;
        _plain = WriteHeader(material, null);
    }

    public Key Key { get; }

    /// <summary>Null where the text could not be read; those never leave <see cref="SigningKeys"/>.</summary>
    public KeyMaterial Material { get; }

    /// <summary>The header of an access token.</summary>
    /// <param name="grantType">How it was obtained, for <c>gty</c>; null for a login through the API. One of a few constants: each header is made once.</param>
    public byte[] Header(string? grantType) => grantType is null ? _plain : _headers.GetOrAdd(grantType, static (type, key) => WriteHeader(key, type), Material);

    /// <summary>The header of a token of another type than JWT (RFC 8725, section 3.11).</summary>
    /// <param name="type">One of a few constants.</param>
    public byte[] HeaderOf(string type) => _headers.GetOrAdd("typ " + type, static (_, of) => WriteHeader(of.Material, null, of.type), (Material, type));

    /// <summary>Whether the key may no longer be used, by an instant in milliseconds since 1970.</summary>
    public bool IsExpired(long now) => Key.ExpirationInstant is { } end && end <= now;

    internal static SigningKey Load(Key key) => new(key, KeyImport.Read(key.Parts()).Key);

    private static byte[] WriteHeader(KeyMaterial key, string? grantType, string type = "JWT")
    {
        var gty = grantType is null ? "" : $",\"gty\":[\"{grantType}\"]";
        return Encoding.UTF8.GetBytes($"{{\"alg\":\"{key.Algorithm.JoseName()}\"{gty},\"kid\":{JsonSerializer.Serialize(key.Kid, ContractJson.Options)},\"typ\":\"{type}\"}}");
    }
}
