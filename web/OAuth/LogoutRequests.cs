using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.OAuth;

/// <summary>A request to sign somebody out, whose parts were found to belong together.</summary>
/// <param name="Client">Who asks; null where nobody says.</param>
/// <param name="Hint">Proves that the client had a token of the user; null where it proves nothing, and the user has to be asked.</param>
internal sealed record LogoutRequest(Tenant Tenant, OAuthClient? Client, IdTokenHint? Hint)
{
    /// <summary>Where to go afterwards, with the state; null where there is nowhere.</summary>
    public string? Target { get; init; }

    /// <summary>Whether all applications of the session are told, or only the browser is sent on.</summary>
    public bool TellsApplications => Client?.OAuth.LogoutBehavior != LogoutBehavior.RedirectOnly;

    /// <summary>The sessions that end without a question: the one that the hint names, or those of its user where it names none.</summary>
    public IEnumerable<SignOnView> Proved(IEnumerable<SignOnView> sessions) => Hint is { } hint
        ? sessions.Where(s => s.UserId == hint.UserId && (hint.SignOnId is not { } named || s.SessionId == named || s.Earlier.Any(e => e.SessionId == named)))
        : [];
}

/// <summary>
/// Reads requests to sign out (OpenID Connect RP-Initiated Logout 1.0, section 2). A hint that is none of ours refuses the
/// request; so does an address that is not registered: nobody is sent anywhere then.
/// </summary>
internal sealed class LogoutRequests(ConfigurationReader configuration, IdTokenHints hints, PublicAddress address)
{
    private const int LongestState = 8192;

    public OAuthOutcome<LogoutRequest> Read(OAuthParameters sent)
    {
        var snapshot = configuration.Current;
        IdTokenHint? hint = null;
        if (sent["id_token_hint"] is { } token && (hint = hints.Read(snapshot, token)) is null)
            return OAuthError.InvalidRequest("The id_token_hint is no ID token of this server.", "invalid_id_token_hint");
        var found = FindClient(snapshot, sent, hint);
        if (found.Error is { } unknown) return unknown;
        var client = found.Value?.Value;
        if ((client?.Tenant ?? FindTenant(snapshot, sent["tenantId"])) is not { } tenant) return OAuthError.InvalidRequest("The tenantId is unknown.", "invalid_tenant_id");
        if (sent["state"]?.Length > LongestState) return OAuthError.InvalidRequest("The state is too long.", "invalid_state");
        if (sent["post_logout_redirect_uri"] is { } redirect)
        {
            if (client is null ? !RedirectAddresses.IsExactly(tenant.LogoutURL, redirect) : !RedirectAddresses.IsRegisteredForLogout(client, redirect))
                return OAuthError.InvalidRequest("The post_logout_redirect_uri is not one of this application.", "invalid_post_logout_redirect_uri");
            return new LogoutRequest(tenant, client, hint) { Target = sent["state"] is { } state ? With(redirect, "state", state) : redirect };
        }

        string? target = null;
        if (!string.IsNullOrEmpty(client?.OAuth.LogoutURL)) target = client.OAuth.LogoutURL;
        else if (!string.IsNullOrEmpty(tenant.LogoutURL)) target = tenant.LogoutURL;
        return new LogoutRequest(tenant, client, hint) { Target = target };
    }

    /// <summary>
    /// The addresses by which applications of these sessions learn in the browser that they are over (OpenID Connect
    /// Front-Channel Logout 1.0, section 3).
    /// </summary>
    /// <param name="besides">Where the browser goes anyway.</param>
    public IReadOnlyList<string> FrontChannel(IEnumerable<SignOnView> ended, Tenant tenant, string? besides)
    {
        var snapshot = configuration.Current;
        var addresses = new List<string>();
        foreach (var session in ended)
        {
            foreach (var (sessionId, id) in session.Known())
            {
                if (OAuthClient.Find(snapshot, tenant.Id, id)?.OAuth.LogoutURL is not { Length: > 0 } url || url == besides) continue;
                if (Uri.TryCreate(url, UriKind.Absolute, out var web) && web.Scheme is "http" or "https")
                    addresses.Add(With(With(url, "iss", address.Issuer(tenant)), "sid", sessionId.ToString()));
            }
        }

        return addresses;
    }

    private static OAuthOutcome<Found> FindClient(ConfigurationSnapshot snapshot, OAuthParameters sent, IdTokenHint? hint)
    {
        if (hint is not null && sent["tenantId"] is { } named && !(Guid.TryParse(named, out var id) && id == hint.Client.Tenant.Id))
            return OAuthError.InvalidRequest("The id_token_hint is of another tenant.", "invalid_tenant_id");
        if (sent["client_id"] is not { } clientId) return new Found(hint?.Client);
        if (OAuthClient.Find(snapshot, clientId, sent["tenantId"] ?? hint?.Client.Tenant.Id.ToString()) is not { } client)
            return OAuthError.InvalidRequest("The client_id is unknown.", "invalid_client_id");
        return hint is null || hint.Client.Application.Id == client.Application.Id
            ? new Found(client)
            : OAuthError.InvalidRequest("The id_token_hint was given to another client.", "client_id_mismatch");
    }

    /// <summary>The tenant that is named, or the one of the administration where none is.</summary>
    private static Tenant? FindTenant(ConfigurationSnapshot snapshot, string? text)
    {
        var id = text is null ? snapshot.Find<Application>(WellKnown.AdministrationApplication)?.TenantId : Guid.TryParse(text, out var named) ? named : null;
        return snapshot.Find<Tenant>(id) is { State: ObjectState.Active } tenant ? tenant : null;
    }

    private static string With(string address, string name, string value)
    {
        var hash = address.IndexOf('#', StringComparison.Ordinal);
        var (page, fragment) = hash < 0 ? (address, "") : (address[..hash], address[hash..]);
        return $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}{fragment}";
    }

    /// <summary>Perhaps nobody.</summary>
    private sealed record Found(OAuthClient? Value);
}
