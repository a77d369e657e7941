using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;

namespace OrleansAuth.OAuth;

/// <summary>What an authorization code stands for. Stored as JSON: members are only added.</summary>
internal sealed record AuthorizationCode
{
    public required Guid ApplicationId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>The address of the authorization request, which the token request must repeat.</summary>
    public required string RedirectUri { get; init; }

    public required string Scope { get; init; }

    /// <summary>How the user proved who it is.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>When, milliseconds since 1970.</summary>
    public required long SignedIn { get; init; }

    /// <summary>When the session began that the code came from: a revocation since then makes the code void.</summary>
    public required long Opened { get; init; }

    public Guid? SignOnId { get; init; }

    public string? Nonce { get; init; }

    public string? CodeChallenge { get; init; }

    public string? Thumbprint { get; init; }

    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>The second factor that the session's user proved; null for none.</summary>
    public FactorProof? Factor { get; init; }
}

/// <summary>What is noted when a code is used: what its second use ends.</summary>
internal sealed record RedeemedCode(Guid SessionId);

/// <summary>
/// Issues and redeems authorization codes. A code is good once; its second use, at any time within a day, ends the session
/// that came of the first (RFC 6749, section 4.1.2; RFC 9700, section 4.5).
/// </summary>
internal sealed class AuthorizationCodes(IGrainFactory grains, Clock clock)
{
    private const long Remembered = 86_400_000;

    public async Task<Outcome<string>> Issue(OAuthClient client, AuthorizationCode code)
    {
        var text = IdentifierText.New();
        var end = clock.Now + (client.Tenant.ExternalIdentifierConfiguration.AuthorizationGrantIdTimeToLiveInSeconds * 1000L);
        var issued = await grains.Identifier(IdentifierKinds.AuthorizationCode, text).Issue(new IssueIdentifier(client.Tenant.Id, end, JsonText.From(code)));
        return issued.Then(_ => text);
    }

    /// <summary>What the code stands for, without using it up; null where it is not (any more) good.</summary>
    public async Task<AuthorizationCode?> Read(OAuthClient client, string code) =>
        (await grains.Identifier(IdentifierKinds.AuthorizationCode, code).Read(client.Tenant.Id))?.Content.Read<AuthorizationCode>();

    /// <summary>Uses the code up for a session of this id.</summary>
    /// <returns>False where somebody did before.</returns>
    public async Task<bool> Spend(OAuthClient client, string code, Guid sessionId)
    {
        var spent = await grains.Identifier(IdentifierKinds.AuthorizationCode, code).Spend(
            new SpendIdentifier(client.Tenant.Id, clock.Now + Remembered, JsonText.From(new RedeemedCode(sessionId))));
        return spent.Refusal is null;
    }

    /// <summary>Whether the code came a second time while its first use was under way.</summary>
    public Task<bool> WasReplayed(string code) => grains.Identifier(IdentifierKinds.AuthorizationCode, code).WasReplayed();

    /// <summary>Somebody shows a code that is not good: if it was used before, what came of it ends.</summary>
    public async Task Replay(OAuthClient client, string code, Configuration.Actor actor)
    {
        if (await grains.Identifier(IdentifierKinds.AuthorizationCode, code).Replay(client.Tenant.Id) is not { } note) return;
        await grains.Session(client.Tenant.Id, note.Read<RedeemedCode>().SessionId).Revoke(new RevokeSession(actor));
    }
}
