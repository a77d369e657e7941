using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansAuth.Storage.Secrets;

/// <summary>
/// Encrypts what must not lie readable in the database: signing keys, client secrets, SMTP passwords, API keys.
/// AES-256-GCM with a random nonce; the value's place is authenticated with it, so a ciphertext moved to another object or
/// member does not open.
/// </summary>
public sealed class SecretBox
{
    private const string Prefix = "enc:v1:";
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] _key;

    /// <param name="masterKey">32 bytes.</param>
    public SecretBox(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length != 32) throw new ArgumentException("The master key has 32 bytes.", nameof(masterKey));
        _key = masterKey.ToArray();
    }

    /// <param name="place">Where the value lives, such as <c>config.key/{id}/privateKey</c>.</param>
    public string Seal(string value, string place) => Prefix + Convert.ToBase64String(Seal(Encoding.UTF8.GetBytes(value), place));

    /// <summary>The same for bytes that leave the server and come back: nonce, ciphertext and tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> clear, string place)
    {
        var sealedBytes = new byte[NonceSize + clear.Length + TagSize];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceSize), clear, sealedBytes.AsSpan(NonceSize, clear.Length), sealedBytes.AsSpan(^TagSize), Encoding.UTF8.GetBytes(place));
        return sealedBytes;
    }

    /// <exception cref="StoreUnavailableException">The value was sealed with another master key, or was tampered with.</exception>
    public string Open(string value, string place)
    {
        if (!value.StartsWith(Prefix, StringComparison.Ordinal)) throw new StoreUnavailableException($"The secret {place} is stored in a form that this version does not read. Run a newer version, or restore the store from its backup.");
        var sealedBytes = new byte[value.Length];
        return Convert.TryFromBase64Chars(value.AsSpan(Prefix.Length), sealedBytes, out var length) && TryOpen(sealedBytes.AsSpan(0, length), place) is { } clear
            ? Encoding.UTF8.GetString(clear)
            : throw new StoreUnavailableException($"The secret {place} cannot be opened with this master key. Set Secrets:MasterKey to the key that this store was written with, or put back the file master.key beside the data.");
    }

    /// <summary>What was sealed, or null where it was sealed with another key or for another place, or was tampered with.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> sealedBytes, string place)
    {
        if (sealedBytes.Length < NonceSize + TagSize) return null;
        var clear = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        try
        {
            aes.Decrypt(sealedBytes[..NonceSize], sealedBytes.Slice(NonceSize, clear.Length), sealedBytes[^TagSize..], clear, Encoding.UTF8.GetBytes(place));
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>
    /// A number that stands for a text and tells nothing about it to who has not the master key; the same in every process
    /// and after a restart.
    /// </summary>
    /// <param name="purpose">Marks of one purpose say nothing about those of another.</param>
    /// <returns>32 bytes.</returns>
    public byte[] Mark(string text, string purpose)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, 32, info: Encoding.UTF8.GetBytes($"mark/{purpose}"));
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Seals the members that <paramref name="paths"/> name, in place.</summary>
    public void SealMembers(JsonObject document, IEnumerable<string> paths, StateKey key) => Members(document, paths, key, Seal);

    /// <summary>Opens the members that <paramref name="paths"/> name, in place.</summary>
    public void OpenMembers(JsonObject document, IEnumerable<string> paths, StateKey key) => Members(document, paths, key, Open);

    private static void Members(JsonObject document, IEnumerable<string> paths, StateKey key, Func<string, string, string> change)
    {
        foreach (var path in paths)
        {
            var names = path.Split('.');
            JsonNode? parent = document;
            foreach (var name in names.AsSpan(0, names.Length - 1))
                parent = (parent as JsonObject)?[name];
            if (parent is JsonObject holder && holder[names[^1]] is JsonValue value && value.TryGetValue<string>(out var text))
                holder[names[^1]] = change(text, $"{key}/{path}");
        }
    }
}
