using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// One login at a provider, as its client: where to send the browser, and what to make of the answer. There is one for each
/// login, so that a provider that is slow keeps nobody waiting but those who sign in there.
/// </summary>
[Alias("upstream")]
public interface IUpstreamGrain : IGrainWithStringKey
{
    /// <summary>Where people sign in at the provider, and as whose client.</summary>
    [Alias("find"), Repeatable]
    Task<UpstreamEntrance> Find(Guid applicationId);

    /// <summary>Redeems an authorization code and checks what comes of it. The code is good once.</summary>
    [Alias("redeem")]
    Task<UpstreamAnswer> Redeem(RedeemUpstreamCode command);
}

/// <summary>The authorization endpoint of a provider, or why there is none.</summary>
/// <param name="Fault">Null where there is one.</param>
/// <param name="Address">Of the authorization endpoint.</param>
[GenerateSerializer, Immutable, Alias("upstream.entrance.v1")]
public sealed record UpstreamEntrance(UpstreamFault? Fault, string? Address, string? ClientId, string? Scope);

/// <param name="Code">As the browser brought it.</param>
/// <param name="RedirectUri">The address that the code was sent to.</param>
[GenerateSerializer, Immutable, Alias("upstream.redeem.v1")]
public sealed record RedeemUpstreamCode(Guid ApplicationId, string Code, string RedirectUri)
{
    /// <summary>For PKCE (RFC 7636); null where the caller used none.</summary>
    [Id(0)] public string? Verifier { get; init; }

    /// <summary>What the ID token must repeat; null where the caller sent none.</summary>
    [Id(1)] public string? Nonce { get; init; }

    /// <summary>The answer came through a browser: it says whose it is where the provider says that it does (RFC 9207).</summary>
    [Id(2)] public bool ThroughBrowser { get; init; }

    /// <summary>Who answered, by its own words; null where it did not say (RFC 9207).</summary>
    [Id(3)] public string? Issuer { get; init; }

    /// <summary>Says nothing that could be redeemed.</summary>
    public override string ToString() => "redemption of a code";
}

/// <summary>Who it was, or why nobody can tell; exactly one of both.</summary>
[GenerateSerializer, Immutable, Alias("upstream.answer.v1")]
public sealed record UpstreamAnswer(FederatedIdentity? Identity, UpstreamFault? Fault);

/// <summary>Why a login at a provider came to nothing. What exactly was wrong stands in the log, not in an answer.</summary>
public enum UpstreamFault
{
    /// <summary>The provider could not be reached, was too slow, or answered with what is no answer.</summary>
    Unreachable,

    /// <summary>The provider refused: the code, or this server as its client.</summary>
    Refused,

    /// <summary>What the provider answered does not prove anything.</summary>
    Invalid,

    /// <summary>The provider does not serve this application, or not any more.</summary>
    Unavailable,
}

/// <summary>How keys of these grains are written and read.</summary>
public static class UpstreamGrainKeys
{
    /// <param name="login">Tells the login from others; random.</param>
    public static IUpstreamGrain Upstream(this IGrainFactory grains, Guid tenantId, Guid providerId, Guid login) =>
        grains.GetGrain<IUpstreamGrain>($"{tenantId:N}/{providerId:N}/{login:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static (Guid TenantId, Guid ProviderId) ReadKey(string key) =>
        (Guid.ParseExact(key.AsSpan(0, 32), "N"), Guid.ParseExact(key.AsSpan(33, 32), "N"));
}
