using System.Text.Encodings.Web;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>An answer for the client, on its way through the browser.</summary>
internal sealed record AuthorizationAnswer(AuthorizationReturn Return, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>The address with the answer in its query or fragment. For a form post, the bare address.</summary>
    public string Address
    {
        get
        {
            if (Return.Mode == ResponseMode.FormPost) return Return.RedirectUri;
            var text = string.Join('&', Parameters.Select(p => $"{p.Key}={UrlEncoder.Default.Encode(p.Value)}"));
            if (Return.Mode == ResponseMode.Fragment) return $"{Return.RedirectUri}#{text}";
            return Return.RedirectUri + (Return.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + text;
        }
    }
}

/// <summary>Makes what is sent back to the client: a code or tokens once the user is in, or an error. Every answer names its issuer (RFC 9207).</summary>
internal sealed class AuthorizationAnswers(AuthorizationCodes codes, PushedRequests pushed, TokenAnswers tokens, ConfigurationReader configuration, IGrainFactory grains, PublicAddress address)
{
    public static AuthorizationAnswer Refuse(AuthorizationReturn to, OAuthError error)
    {
        var parameters = new List<KeyValuePair<string, string>> { new("error", error.Error), new("error_description", error.Description) };
        if (error.Reason is { } reason) parameters.Add(new("error_reason", reason));
        return Complete(to, parameters);
    }

    public AuthorizationReturn ReturnOf(AuthorizationRequest request) =>
        new(request.RedirectUri, request.ResponseMode, request.State, address.Issuer(request.Client.Tenant), request.Locale);

    public AuthorizationAnswer Refuse(AuthorizationRequest request, OAuthError error) => Refuse(ReturnOf(request), error);

    /// <summary>The user is in and every gate is open: what the client asked for.</summary>
    /// <param name="scope">What was granted, at most what was asked for.</param>
    public async Task<AuthorizationAnswer> Grant(AuthorizationRequest request, SignOnView session, Admission admission, ScopeList scope)
    {
        var client = request.Client;
        if (request.PushedRequest is { } used && !await pushed.Spend(client, used))
            return Refuse(request, OAuthError.InvalidRequest("The pushed request was used already.", "invalid_request_uri"));
        await grains.SignOn(client.Tenant.Id, session.SessionId).Join(new JoinSignOn(client.Application.Id));
        var parameters = request.ResponseType.HasFlag(ResponseType.Code)
            ? await Code(request, session, scope)
            : await Tokens(request, session, admission, scope);
        if (parameters.Error is { } error) return Refuse(request, error);
        var all = parameters.Value!;
        all.Add(new("userState", LoginReasons.UserState(admission.Status)));
        return Complete(ReturnOf(request), all);
    }

    private async Task<OAuthOutcome<List<KeyValuePair<string, string>>>> Code(AuthorizationRequest request, SignOnView session, ScopeList scope)
    {
        var issued = await codes.Issue(request.Client, new AuthorizationCode
        {
            ApplicationId = request.Client.Application.Id,
            UserId = session.UserId,
            RedirectUri = request.RedirectUri,
            Scope = scope.ToString(),
            AuthenticationType = session.AuthenticationType,
            SignedIn = session.SignedIn,
            Opened = session.Opened,
            SignOnId = session.SessionId,
            Nonce = request.Nonce,
            CodeChallenge = request.CodeChallenge,
            Thumbprint = request.Thumbprint,
            Resources = request.Resources,
            Factor = session.Factor,
        });
        return issued.Value is { } code ? new List<KeyValuePair<string, string>> { new("code", code) } : OAuthError.From(issued.Refusal!);
    }

    /// <summary>The implicit grant, for applications that still enable it (RFC 6749, section 4.2; OpenID Connect Core, section 3.2).</summary>
    private async Task<OAuthOutcome<List<KeyValuePair<string, string>>>> Tokens(AuthorizationRequest request, SignOnView session, Admission admission, ScopeList scope)
    {
        var grant = new UserGrant(request.Client, admission.Subject!, scope, GrantTypes.Implicit)
        {
            AuthenticationType = session.AuthenticationType,
            SignedIn = session.SignedIn,
            SignOnId = session.SessionId,
            Nonce = request.Nonce,
            Resources = request.Resources,
            Factor = session.Factor?.Method,
        };
        var (snapshot, parameters) = (configuration.Current, new List<KeyValuePair<string, string>>());
        string? accessToken = null;
        if (request.ResponseType.HasFlag(ResponseType.Token))
        {
            var issued = tokens.IssueAccess(snapshot, grant);
            if (issued.Value is not { } access) return OAuthError.From(issued.Refusal!);
            accessToken = access.Token;
            parameters.Add(new("access_token", access.Token));
            parameters.Add(new("token_type", "Bearer"));
            parameters.Add(new("expires_in", request.Client.Settings.Jwt.TimeToLiveInSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            parameters.Add(new("scope", scope.ToString()));
        }

        if (!request.ResponseType.HasFlag(ResponseType.IdToken)) return parameters;
        var id = await tokens.IssueId(snapshot, grant, accessToken);
        if (id.Value is not { } idToken) return OAuthError.From(id.Refusal!);
        parameters.Add(new("id_token", idToken));
        return parameters;
    }

    private static AuthorizationAnswer Complete(AuthorizationReturn to, List<KeyValuePair<string, string>> parameters)
    {
        parameters.Add(new("iss", to.Issuer));
        if (to.State is { } state) parameters.Add(new("state", state));
        if (to.Locale is { } locale) parameters.Add(new("locale", locale));
        return new AuthorizationAnswer(to, parameters);
    }
}
