using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Storage.Verification;

/// <summary>
/// An id that was handed out to a user and has not come back yet, as a part of the user: what replaces it or makes it void
/// does so in the same commit. Instants are milliseconds since 1970.
/// </summary>
public sealed record StoredProof : StoredRecord
{
    /// <summary>Kind and hash of the id; the id itself is known to whoever got it.</summary>
    public required string IdHash { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>The address or number that it is about, normalised: void once the user has another. Null where it is about none.</summary>
    public string? Value { get; init; }

    /// <summary>It went to <see cref="Value"/>, so whoever brings it back can read what is sent there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sent { get; init; }

    /// <summary>For a login: the password generation that it was made under. A changed password voids it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Generation { get; init; }

    /// <summary>How many wrong codes came with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Wrong { get; init; }

    /// <summary>Id and code, sealed, where a code belongs to it: it has to be told and sent again. Null for a link.</summary>
    public string? Sealed { get; init; }

    /// <summary>The browser that it is bound to, as a hash; null for none.</summary>
    public string? Browser { get; init; }

    public override string ToString() => "proof";
}

/// <summary>What the id of a proof stands for: the content of an identifier.</summary>
public sealed record StoredProofId : StoredRecord
{
    public required ProofKind Kind { get; init; }

    /// <summary>Whose it is, perhaps of somebody who stands in for an unknown name; null where the address is not a user's yet.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The application that it is about or that the user came from.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The caller's own, given back in the end.</summary>
    public JsonElement? State { get; init; }

    /// <summary>For an address that is not a user's yet.</summary>
    public StoredProof? Open { get; init; }

    /// <summary>The address of <see cref="Open"/> is verified; the id counts at the creation of its user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Completed { get; init; }

    /// <summary>How often <see cref="Open"/> was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Messages { get; init; }

    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredProofId Read(JsonText content) => content.Read<StoredProofId>();
}

/// <summary>Under which key a user keeps a proof.</summary>
public static class ProofKeys
{
    /// <summary>So many logins without a password may be under way at once; the oldest gives way.</summary>
    public const int MostLogins = 5;

    private const string Logins = "passwordless/";

    /// <param name="idHash">Only logins need it: a user may have several of them under way, in several browsers.</param>
    public static string Of(ProofKind kind, Guid? applicationId, string? idHash) => kind switch
    {
        ProofKind.Email => "email",
        ProofKind.PhoneNumber => "phoneNumber",
        ProofKind.Registration => $"registration/{applicationId:N}",
        _ => Logins + idHash,
    };

    /// <summary>The proof under that key, if it is good: not over, and for the address and the password that the user has now.</summary>
    public static StoredProof? Proof(this StoredUser user, string key, long now) =>
        user.Proofs?.GetValueOrDefault(key) is { } proof && now < proof.ExpiresAt && (!key.StartsWith(Logins, StringComparison.Ordinal) || proof.Generation == user.PasswordGeneration)
            ? proof
            : null;

    /// <summary>The user with one more proof, in place of what was there; what is over leaves.</summary>
    public static StoredUser WithProof(this StoredUser user, string key, StoredProof proof, long now)
    {
        var kept = (user.Proofs ?? ImmutableDictionary<string, StoredProof>.Empty).Where(p => now < p.Value.ExpiresAt && p.Key != key).ToList();
        if (key.StartsWith(Logins, StringComparison.Ordinal))
        {
            var others = kept.Where(p => p.Key.StartsWith(Logins, StringComparison.Ordinal)).OrderByDescending(p => p.Value.ExpiresAt).Skip(MostLogins - 1).ToHashSet();
            kept.RemoveAll(others.Contains);
        }

        return user with { Proofs = kept.ToImmutableDictionary().SetItem(key, proof) };
    }

    /// <summary>The user without those proofs.</summary>
    public static StoredUser WithoutProofs(this StoredUser user, Func<string, bool> which)
    {
        if (user.Proofs is not { } proofs || !proofs.Keys.Any(which)) return user;
        var kept = proofs.RemoveRange(proofs.Keys.Where(which).ToList());
        return user with { Proofs = kept.IsEmpty ? null : kept };
    }

    /// <summary>The user without logins that are under way.</summary>
    public static StoredUser WithoutLogins(this StoredUser user) => user.WithoutProofs(key => key.StartsWith(Logins, StringComparison.Ordinal));
}
