using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansAuth.Tokens;

/// <summary>
/// Remembers tokens whose signature was found good, by their hash, so that a client that shows one token with every request
/// costs one elliptic curve operation and not thousands. A signature that is good stays good; everything that can
/// change (key, times, tenant, audience) is asked anew each time. Two generations bound it: when the young one is full it
/// becomes the old one, and the old one goes.
/// </summary>
internal sealed class VerifiedSignatures(int generation = 2048)
{
    /// <summary>Longer tokens, in characters, are verified each time: their claims would take too much memory.</summary>
    private const int Longest = 4096;

    private volatile ConcurrentDictionary<Digest, SignedToken> _young = new();
    private volatile ConcurrentDictionary<Digest, SignedToken> _old = new();

    public SignedToken? Find(string token)
    {
        var digest = Digest.Of(token);
        return _young.TryGetValue(digest, out var found) || _old.TryGetValue(digest, out found) ? found : null;
    }

    public void Add(string token, SignedToken signed)
    {
        if (token.Length > Longest) return;
        var young = _young;
        if (young.Count >= generation)
        {
            // Two threads may do this at once; the worst is that tokens are verified again.
            _old = young;
            _young = young = new ConcurrentDictionary<Digest, SignedToken>();
        }

        young[Digest.Of(token)] = signed;
    }

    /// <summary>SHA-256 of a token: memory holds no token, and no two tokens share one.</summary>
    private readonly record struct Digest(long A, long B, long C, long D)
    {
        public static Digest Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
            return MemoryMarshal.Read<Digest>(hash);
        }
    }
}
