using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Mfa;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Storage.Mfa;

/// <summary>
/// The second factors of a user as stored, in the row of the user. New members are only added, each with the meaning of its
/// absence. Instants are milliseconds since 1970.
/// </summary>
public sealed record StoredFactors : StoredRecord
{
    /// <summary>No second factor; also what a missing member means.</summary>
    public static readonly StoredFactors None = new();

    public ImmutableArray<StoredFactor> Methods { get; init; } = [];

    /// <summary>Hashes of the recovery codes that are still good.</summary>
    public ImmutableArray<string> RecoveryCodes { get; init; } = [];

    /// <summary>Codes that were sent and not used.</summary>
    public ImmutableArray<StoredSentCode> Sent { get; init; } = [];

    /// <summary>The id of the method that was used last.</summary>
    public string? LastUsed { get; init; }

    /// <summary>Counts the changes of methods: what a device was trusted for with one set of methods it is not with another.</summary>
    public int Generation { get; init; }

    [JsonIgnore]
    public bool Any => !Methods.IsEmpty;

    public StoredFactor? Find(string? id) => Methods.FirstOrDefault(m => m.Id == id);

    /// <summary>The same factors with one method replaced by its next state.</summary>
    public StoredFactors With(StoredFactor next) => this with { Methods = [.. Methods.Select(m => m.Id == next.Id ? next : m)] };

    /// <summary>The methods as the API shows them: no secret, no counter.</summary>
    public ImmutableArray<TwoFactorMethod> Show() => [.. Methods.Select(m => m.Show(m.Id == LastUsed))];
}

/// <summary>One second factor as stored.</summary>
public sealed record StoredFactor : StoredRecord
{
    /// <summary>Unique among those of the user.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="FactorMethods"/>.</summary>
    public required string Method { get; init; }

    public string? Name { get; init; }

    /// <summary>The address of a method by e-mail.</summary>
    public string? Email { get; init; }

    /// <summary>The number of a method by text message.</summary>
    public string? MobilePhone { get; init; }

    /// <summary>The shared secret, sealed; null for methods that have none.</summary>
    public string? Secret { get; init; }

    /// <summary>How an authenticator's codes are made; of an authenticator only.</summary>
    public TotpAlgorithm Algorithm { get; init; } = TotpAlgorithm.HmacSHA1;

    public int CodeLength { get; init; }

    /// <summary>In seconds.</summary>
    public int TimeStep { get; init; }

    /// <summary>
    /// The highest moving factor that was used: the time step of an authenticator, the counters of a YubiKey. Nothing up to it
    /// is ever accepted again.
    /// </summary>
    public long? LastCounter { get; init; }

    /// <summary>What every code of a YubiKey begins with.</summary>
    public string? PublicId { get; init; }

    public long InsertInstant { get; init; }

    /// <summary>Where <see cref="Secret"/> lives, for its seal.</summary>
    public static string Place(Guid userId, string id) => $"user/{userId:N}/two-factor/{id}";

    public TwoFactorMethod Show(bool lastUsed) => new()
    {
        Authenticator = Method == FactorMethods.Authenticator ? new AuthenticatorConfiguration { Algorithm = Algorithm, CodeLength = CodeLength, TimeStep = TimeStep } : null,
        Email = Email,
        Id = Id,
        LastUsed = lastUsed,
        Method = Method,
        MobilePhone = MobilePhone,
        Name = Name,
    };

    /// <summary>Names no secret and no address.</summary>
    public override string ToString() => $"{Method} {Id}";
}

/// <summary>A code that was sent, as a salted hash.</summary>
/// <param name="For">What it is good for, and nothing else.</param>
/// <param name="MethodId">The method that brought it; null where the address is new, or a caller brought it.</param>
/// <param name="ExpiresAt">Milliseconds since 1970.</param>
public sealed record StoredSentCode(string For, string? MethodId, byte[] Salt, byte[] Hash, long ExpiresAt) : StoredRecord
{
    /// <summary>Names no hash: a short code is soon found from it.</summary>
    public override string ToString() => "sent code";
}
