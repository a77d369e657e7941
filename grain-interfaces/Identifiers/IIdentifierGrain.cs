using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Common;

namespace OrleansAuth.Identifiers;

/// <summary>
/// One identifier that the server handed out: an authorization code, the id in a mailed link, a device code. The store knows
/// its hash only. It is found while it lives, changed by compare-and-set, and spent exactly once, also on two nodes and
/// after a restart. Expiry is checked whenever it is read.
/// </summary>
[Alias("identifier")]
public interface IIdentifierGrain : IGrainWithStringKey
{
    /// <summary>Begins the identifier's life. Refused as a conflict where it exists already: generate another.</summary>
    [Alias("issue")]
    Task<Outcome<IdentifierView>> Issue(IssueIdentifier command);

    /// <summary>The identifier as it is now; null where it is unknown, expired, spent, or of another tenant than the one named.</summary>
    /// <param name="tenantId">The tenant that it must be of; null where the identifier alone says which.</param>
    [Alias("read"), Repeatable]
    Task<IdentifierView?> Read(Guid? tenantId);

    /// <summary>Replaces the content. Refused as not found where <see cref="Read"/> would find nothing, as a conflict where somebody changed it since.</summary>
    [Alias("change")]
    Task<Outcome<IdentifierView>> Change(ChangeIdentifier command);

    /// <summary>Uses the identifier up. One caller gets its content; every other one, at any time, is refused as not found.</summary>
    [Alias("spend")]
    Task<Outcome<IdentifierView>> Spend(SpendIdentifier command);

    /// <summary>
    /// Tells that somebody presented the identifier after it was spent, and answers what the spender noted. Null where it
    /// was never spent or is no longer remembered.
    /// </summary>
    [Alias("replay")]
    Task<JsonText?> Replay(Guid tenantId);

    /// <summary>Whether somebody presented it again after it was spent.</summary>
    [Alias("replayed"), Repeatable]
    Task<bool> WasReplayed();
}

/// <param name="ExpiresAt">Milliseconds since 1970; from then on nothing is found.</param>
/// <param name="Content">What the identifier stands for. No secrets: it is stored as it is.</param>
[GenerateSerializer, Immutable, Alias("identifier.issue.v1")]
public sealed record IssueIdentifier(Guid TenantId, long ExpiresAt, JsonText Content)
{
    /// <summary>Nobody is going to read it; it only must not be issued twice. Its grain leaves memory at once.</summary>
    [Id(0)] public bool IsMark { get; init; }
}

/// <param name="ExpectedVersion">The version that the change was decided on.</param>
/// <param name="ExpiresAt">A new end of life, or null to keep the present one.</param>
[GenerateSerializer, Immutable, Alias("identifier.change.v1")]
public sealed record ChangeIdentifier(Guid TenantId, long ExpectedVersion, JsonText Content, long? ExpiresAt = null);

/// <param name="TenantId">The tenant that it must be of; null where the identifier alone says which.</param>
/// <param name="RememberUntil">Until when a second use is recognised, milliseconds since 1970; null forgets the identifier at once.</param>
/// <param name="Note">What <see cref="IIdentifierGrain.Replay"/> answers.</param>
[GenerateSerializer, Immutable, Alias("identifier.spend.v1")]
public sealed record SpendIdentifier(Guid? TenantId, long? RememberUntil = null, JsonText? Note = null);

/// <param name="IssuedAt">Milliseconds since 1970.</param>
/// <param name="ExpiresAt">Milliseconds since 1970.</param>
/// <param name="Version">For <see cref="ChangeIdentifier.ExpectedVersion"/>.</param>
[GenerateSerializer, Immutable, Alias("identifier.view.v1")]
public sealed record IdentifierView(Guid TenantId, long IssuedAt, long ExpiresAt, long Version, JsonText Content);

/// <summary>How keys of identifier grains are written. The key holds a hash, so that no log and no table shows the identifier.</summary>
public static class IdentifierGrainKeys
{
    /// <param name="kind">What the identifier is good for, one of <see cref="IdentifierKinds"/>: it is found as nothing else.</param>
    /// <param name="identifier">As it was handed out; letters of short codes in upper case.</param>
    public static IIdentifierGrain Identifier(this IGrainFactory grains, string kind, string identifier) =>
        grains.GetGrain<IIdentifierGrain>(IdOf(kind, identifier));

    /// <summary>Under which id the identifier is stored: its kind and its hash.</summary>
    public static string IdOf(string kind, string identifier) => $"{kind}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identifier)))}";
}

/// <summary>What identifiers are good for.</summary>
public static class IdentifierKinds
{
    public const string AuthorizationCode = "code";
    public const string PushedRequest = "par";
    public const string DeviceCode = "device";
    public const string DeviceUserCode = "user-code";
    public const string ProofId = "dpop-jti";
    public const string ChangePassword = "change-password";
    public const string OneTimePassword = "one-time-password";
    public const string TwoFactor = "two-factor";
    public const string TwoFactorTrust = "two-factor-trust";
    public const string TrustToken = "trust-token";
    public const string Verification = "verification";

    /// <summary>Counts what was sent to an address that is no user's yet.</summary>
    public const string OpenProofs = "open-proofs";

    public const string Passwordless = "passwordless";
    public const string LoginIntent = "login-intent";
    public const string PasskeyChallenge = "passkey-challenge";

    /// <summary>A login that went to an identity provider and is to come back.</summary>
    public const string UpstreamLogin = "upstream-login";

    public const string PendingLink = "pending-link";
}
