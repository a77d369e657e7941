using System.Globalization;
using System.Net;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>
/// Reads authorization requests (RFC 6749, section 4.1.1; OpenID Connect Core, section 3.1.2). The order matters: nothing is
/// sent to an address before client and address are known to belong together.
/// </summary>
internal sealed class AuthorizationRequests(ConfigurationReader configuration, PushedRequests pushed, DeviceCodes devices, PublicAddress address)
{
    private const int LongestState = 8192;

    /// <summary>The request, or why not; exactly one of both.</summary>
    /// <param name="from">Who sends it: user codes that are wrong are counted for this address.</param>
    public async Task<(AuthorizationRequest? Request, AuthorizationRefusal? Refusal)> Read(OAuthParameters sent, OAuthError? malformed, IPAddress? from)
    {
        var snapshot = configuration.Current;
        if (OAuthClient.Find(snapshot, sent["client_id"], sent["tenantId"]) is not { } client)
            return Refused(OAuthError.InvalidRequest("The application that you came from is not known here.", "invalid_client_id"));
        PushedRequest? push = null;
        if (sent["request_uri"] is { } requestUri)
        {
            if (await pushed.Find(client, requestUri) is not { } found)
                return Refused(OAuthError.InvalidRequest("The request is not known, was used already, or is too old.", "invalid_request_uri"));
            (push, sent) = (found, found.Parameters(sent));
        }

        var redirect = sent["redirect_uri"];
        if (sent["user_code"] is { } userCode && redirect is null) return await ReadDevice(client, sent, userCode, from);
        if (redirect is null) return Refused(OAuthError.InvalidRequest("The request does not say where to go afterwards: redirect_uri is missing.", "missing_redirect_uri"));
        if (!RedirectAddresses.IsRegistered(client, redirect)) return Refused(OAuthError.InvalidRequest("The address to go to afterwards (redirect_uri) is not one of this application.", "invalid_redirect_uri"));
        return Read(client, redirect, sent, malformed, push, isPushed: push is not null);
    }

    /// <summary>What is wrong with a request that its client pushes (RFC 9126, section 2.1), or null: the same rules as for one that a browser brings.</summary>
    public OAuthError? Check(OAuthClient client, OAuthParameters sent)
    {
        if (sent["redirect_uri"] is not { } redirect) return OAuthError.InvalidRequest("The redirect_uri is missing.", "missing_redirect_uri");
        if (!RedirectAddresses.IsRegistered(client, redirect)) return OAuthError.InvalidRequest("The redirect_uri is not one of this application.", "invalid_redirect_uri");
        return Read(client, redirect, sent, null, null, isPushed: true).Item2?.Error;
    }

    private (AuthorizationRequest?, AuthorizationRefusal?) Read(OAuthClient client, string redirect, OAuthParameters sent, OAuthError? malformed, PushedRequest? push, bool isPushed)
    {
        var type = ReadType(sent["response_type"]);
        var mode = ReadMode(sent["response_mode"], type);
        var back = new AuthorizationReturn(redirect, mode ?? (type is ResponseType.None or ResponseType.Code ? ResponseMode.Query : ResponseMode.Fragment), sent["state"], address.Issuer(client.Tenant), sent["locale"]);
        if (back.State?.Length > LongestState) return Refused(OAuthError.InvalidRequest("The state is too long.", "invalid_state"), back with { State = null });
        if (malformed is not null) return Refused(malformed, back);
        if (CheckUnsupported(sent, client, isPushed) is { } unsupported) return Refused(unsupported, back);
        if (CheckType(client, type, mode, sent) is { } wrongType) return Refused(wrongType, back);
        if (type.HasFlag(ResponseType.Code) && Pkce.Check(client, sent["code_challenge"], sent["code_challenge_method"]) is { } proof) return Refused(proof, back);
        if (ReadPrompt(sent["prompt"]) is not { } prompt) return Refused(OAuthError.InvalidRequest("The prompt must be none, or some of login, consent and select_account.", "invalid_prompt"), back);
        if (!ReadMaxAge(sent["max_age"], out var maxAge)) return Refused(OAuthError.InvalidRequest("The max_age must be a number of seconds.", "invalid_max_age"), back);
        var scope = Scopes.Read(client, sent["scope"]);
        if (scope.Error is { } unknown) return Refused(unknown, back);
        if (type.HasFlag(ResponseType.IdToken) && (!scope.Value!.Contains(Scopes.OpenId) || sent["nonce"] is null))
            return Refused(OAuthError.InvalidRequest("An ID token needs the scope openid and a nonce.", "missing_nonce"), back);
        var resources = ReadResources(client, sent);
        if (resources.Error is { } target) return Refused(target, back);
        return (new AuthorizationRequest(client, redirect, type, back.Mode, scope.Value!)
        {
            State = sent["state"],
            Nonce = sent["nonce"],
            CodeChallenge = sent["code_challenge"],
            Prompt = prompt,
            MaxAge = maxAge,
            LoginHint = sent["login_hint"],
            IdTokenHint = sent["id_token_hint"],
            IdpHint = sent["idp_hint"],
            Locale = sent["locale"] ?? sent["ui_locales"],
            Resources = [.. resources.Value!],
            Thumbprint = sent["dpop_jkt"],
            PushedRequest = push?.RequestUri,
            PushedAt = push?.PushedAt,
        }, null);
    }

    /// <summary>A device waits: there is nowhere to go afterwards, and nothing is answered but the device, which alone says what it asks for.</summary>
    private async Task<(AuthorizationRequest?, AuthorizationRefusal?)> ReadDevice(OAuthClient client, OAuthParameters sent, string userCode, IPAddress? from)
    {
        var found = await devices.Find(userCode, client.Tenant.Id, client.Application.Id, from);
        return found.Value is { } device
            ? (new AuthorizationRequest(client, "", ResponseType.None, ResponseMode.Query, ScopeList.Parse(device.Request.Scope)) { Device = device, Locale = sent["locale"] ?? sent["ui_locales"] }, null)
            : Refused(found.Error!);
    }

    private static OAuthError? CheckUnsupported(OAuthParameters sent, OAuthClient client, bool isPushed)
    {
        if (sent["request"] is not null) return new OAuthError("request_not_supported", "Requests as JSON Web Tokens are not supported; push the request instead (RFC 9126).");
        if (sent["registration"] is not null) return new OAuthError("registration_not_supported", "The parameter registration is not supported.");
        return client.OAuth.RequirePushedAuthorizationRequests && !isPushed
            ? OAuthError.InvalidRequest("This client must push its authorization requests (RFC 9126).", "pushed_request_required")
            : null;
    }

    private static OAuthError? CheckType(OAuthClient client, ResponseType type, ResponseMode? mode, OAuthParameters sent)
    {
        if (sent["response_type"] is null) return OAuthError.InvalidRequest("The response_type is missing.", "missing_response_type");
        if (type == ResponseType.None) return new OAuthError("unsupported_response_type", "The response_type must be code, or token, id_token or both.");
        if (mode is null) return OAuthError.InvalidRequest("The response_mode is unknown, or would put a token into a query.", "invalid_response_mode");
        if (type.HasFlag(ResponseType.Token) && client.OAuth.RequireDPoP) return OAuthError.UnauthorizedClient("This client must prove its key, which no token in an address does.", "dpop_required");
        if (sent["dpop_jkt"] is { } thumbprint && !Pkce.IsChallenge(thumbprint)) return OAuthError.InvalidRequest("The dpop_jkt is not a SHA-256 in base64url.", "invalid_dpop_jkt");
        var grant = type == ResponseType.Code ? GrantTypes.AuthorizationCode : GrantTypes.Implicit;
        return client.Allows(grant) ? null : OAuthError.UnauthorizedClient($"The application does not allow the grant {grant}.", "grant_type_disabled");
    }

    private static ResponseType ReadType(string? text)
    {
        var type = ResponseType.None;
        foreach (var part in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var one = part switch { "code" => ResponseType.Code, "token" => ResponseType.Token, "id_token" => ResponseType.IdToken, _ => ResponseType.None };
            if (one == ResponseType.None || type.HasFlag(one)) return ResponseType.None;
            type |= one;
        }

        // Hybrid answers are not offered: a code comes alone.
        return type.HasFlag(ResponseType.Code) && type != ResponseType.Code ? ResponseType.None : type;
    }

    private static ResponseMode? ReadMode(string? text, ResponseType type) => (text, type) switch
    {
        (null, ResponseType.Code) => ResponseMode.Query,
        (null, _) => ResponseMode.Fragment,
        ("query", ResponseType.Code) => ResponseMode.Query,
        ("fragment", _) => ResponseMode.Fragment,
        ("form_post", _) => ResponseMode.FormPost,
        _ => null,
    };

    private static Prompt? ReadPrompt(string? text)
    {
        var prompt = Prompt.Unsaid;
        foreach (var part in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var one = part switch { "none" => Prompt.None, "login" => Prompt.Login, "consent" => Prompt.Consent, "select_account" => Prompt.SelectAccount, _ => Prompt.Unsaid };
            if (one == Prompt.Unsaid) return null;
            prompt |= one;
        }

        return prompt.HasFlag(Prompt.None) && prompt != Prompt.None ? null : prompt;
    }

    private static bool ReadMaxAge(string? text, out long? seconds)
    {
        seconds = null;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        seconds = value;
        return true;
    }

    private static OAuthOutcome<IReadOnlyList<string>> ReadResources(OAuthClient client, OAuthParameters sent)
    {
        var asked = sent.All("resource").OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return asked.All(client.OAuth.AuthorizedResourceUris.Contains)
            ? asked
            : OAuthError.InvalidTarget("A resource is asked for that this application may not have tokens for.");
    }

    private static (AuthorizationRequest?, AuthorizationRefusal?) Refused(OAuthError error, AuthorizationReturn? back = null) => (null, new AuthorizationRefusal(error) { Return = back });
}
