using Microsoft.Extensions.Logging;
using OrleansAuth.Applications;
using OrleansAuth.Audit;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// Speaks to one provider for one login. It keeps nothing: what a login has to remember is an identifier of the web tier, and
/// what providers say about themselves is kept by the process.
/// </summary>
[GrainType("upstream")]
internal sealed class UpstreamGrain(UpstreamServices services, ConfigurationReader configuration, IStore store, EventLog events, ILogger<UpstreamGrain> log) : Grain, IUpstreamGrain
{
    private Guid _tenantId;
    private Guid _providerId;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenantId, _providerId) = UpstreamGrainKeys.ReadKey(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<UpstreamEntrance> Find(Guid applicationId)
    {
        DeactivateOnIdle();
        if (Serving(applicationId) is not { } provider) return new UpstreamEntrance(UpstreamFault.Unavailable, null, null, null);
        var client = ProviderClient.Of(provider, applicationId);
        var (metadata, fault) = await services.Documents.Of(client.Issuer!);
        var address = provider.OAuth2.AuthorizationEndpoint ?? metadata?.AuthorizationEndpoint;
        // Without its keys nobody could come back: better to say so before the person types a password there.
        if (metadata is null || address is null) return new UpstreamEntrance(await Tell(provider, UpstreamFault.Unreachable, fault ?? "It does not say where people sign in."), null, null, null);
        return new UpstreamEntrance(null, address, client.ClientId, client.Scope);
    }

    public async Task<UpstreamAnswer> Redeem(RedeemUpstreamCode command)
    {
        DeactivateOnIdle();
        // Once more: a login may have begun before the provider was switched off.
        if (Serving(command.ApplicationId) is not { } provider) return new UpstreamAnswer(null, UpstreamFault.Unavailable);
        var client = ProviderClient.Of(provider, command.ApplicationId);
        var (metadata, unknown) = await services.Documents.Of(client.Issuer!);
        if (metadata is null) return await Fail(provider, UpstreamFault.Unreachable, unknown!);
        // Whose answer is it? A code of one provider must not go to another (RFC 9207, section 2.4).
        if (command.ThroughBrowser && (command.Issuer ?? (metadata.SaysIssuer ? "" : client.Issuer)) != client.Issuer)
            return await Fail(provider, UpstreamFault.Invalid, "The answer does not come from the provider that was asked (iss).");
        if ((provider.OAuth2.TokenEndpoint ?? metadata.TokenEndpoint) is not { } endpoint) return await Fail(provider, UpstreamFault.Unreachable, "It does not say where codes are redeemed.");
        var (tokens, kind, refused) = await services.Tokens.Redeem(endpoint, client, command);
        if (tokens is null) return await Fail(provider, kind, refused!);
        return await Check(provider, client, metadata, tokens, command);
    }

    private async Task<UpstreamAnswer> Check(IdentityProvider provider, ProviderClient client, ProviderMetadata metadata, UpstreamTokenSet tokens, RedeemUpstreamCode command)
    {
        var expected = new IdTokenExpectation(client.Issuer!, client.ClientId!, command.Nonce, tokens.AccessToken, command.Code);
        var (validated, wrong) = await services.IdTokens.Validate(tokens.IdToken, expected);
        if (validated is not { } claims) return await Fail(provider, UpstreamFault.Invalid, wrong!);
        if (UpstreamClaims.Subject(claims) is not { } subject) return await Fail(provider, UpstreamFault.Invalid, "The ID token does not say whose it is (sub).");
        System.Text.Json.JsonElement? told = null;
        if ((provider.OAuth2.UserinfoEndpoint ?? metadata.UserinfoEndpoint) is { } endpoint && tokens.AccessToken is { } access && UpstreamClaims.NeedsUserInfo(claims, provider.OAuth2))
        {
            (told, var silent) = await services.Tokens.UserInfo(endpoint, access);
            if (told is not { } info) return await Fail(provider, UpstreamFault.Unreachable, silent!);
            // An access token of somebody else must not bring that person's address (OpenID Connect Core, section 5.3.2).
            if (UpstreamClaims.Subject(info) != subject) return await Fail(provider, UpstreamFault.Invalid, "The userinfo endpoint speaks of somebody else than the ID token (sub).");
        }

        return UpstreamClaims.Read(_providerId, claims, told, provider.OAuth2) is { } identity
            ? new UpstreamAnswer(identity, null)
            : await Fail(provider, UpstreamFault.Invalid, $"The claim {provider.OAuth2.UniqueIdClaim} does not tell whose login it is.");
    }

    private IdentityProvider? Serving(Guid applicationId) =>
        configuration.Current.FindIn<Application>(_tenantId, applicationId) is { Active: true } application && configuration.Current.Find<IdentityProvider>(_providerId) is { } provider
        && provider.Serves(application) ? provider : null;

    private async Task<UpstreamAnswer> Fail(IdentityProvider provider, UpstreamFault fault, string reason) => new(null, await Tell(provider, fault, reason));

    /// <summary>The person hears a sentence; what was wrong is for whoever runs the server.</summary>
    private async Task<UpstreamFault> Tell(IdentityProvider provider, UpstreamFault fault, string reason)
    {
        log.LogWarning("A login at the identity provider {ProviderId} failed. {Reason}", _providerId, reason);
        if (!provider.Debug) return fault;
        var commit = new Commit();
        events.Append(commit, EventLog.Debug, $"A login at the identity provider with Id [{_providerId}] failed. {reason}");
        await store.Apply(commit);
        return fault;
    }
}

/// <summary>What speaks to providers.</summary>
internal sealed record UpstreamServices(ProviderDocuments Documents, IdTokens IdTokens, UpstreamTokens Tokens);
