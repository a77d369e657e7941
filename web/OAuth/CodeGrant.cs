using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>
/// Exchanges an authorization code for tokens (RFC 6749, section 4.1.3). Everything about the code is checked before it is
/// used up, so that nobody else can use up somebody's code; then it is spent once, and the gates of the user are asked again.
/// </summary>
internal sealed class CodeGrant(AuthorizationCodes codes, TokenAnswers answers, IGrainFactory grains)
{
    public async Task<OAuthOutcome<JsonObject>> Redeem(TokenRequest request)
    {
        if (request.Form["code"] is not { } text) return OAuthError.InvalidRequest("The code is missing.", "missing_code");
        var client = request.Client;
        if (await codes.Read(client, text) is not { } code)
        {
            await codes.Replay(client, text, request.Actor);
            return OAuthError.InvalidGrant("The code is not valid, was used already, or is too old.", "auth_code_not_found");
        }

        if (Check(request, code) is { } refused) return refused;
        var sessionId = Guid.CreateVersion7();
        if (!await codes.Spend(client, text, sessionId))
        {
            await codes.Replay(client, text, request.Actor);
            return OAuthError.InvalidGrant("The code is not valid, was used already, or is too old.", "auth_code_not_found");
        }

        var scope = ScopeList.Parse(code.Scope);
        var admitted = await Admit(request, code, scope, sessionId);
        if (admitted.Value is not { Subject: { } subject } admission) return Refused(admitted);
        if (client.OAuth.RequireRegistration && !subject.Registered) return Refused(admitted);
        if (await codes.WasReplayed(text))
        {
            // Somebody showed the code while this was under way: whoever is first, nobody may go on (section 4.1.2).
            if (admission.Session is not null) await grains.Session(client.Tenant.Id, sessionId).Revoke(new RevokeSession(request.Actor));
            return OAuthError.InvalidGrant("The code is not valid, was used already, or is too old.", "auth_code_not_found");
        }

        return await answers.Make(request.Snapshot, new UserGrant(client, subject, scope, GrantTypes.AuthorizationCode)
        {
            AuthenticationType = code.AuthenticationType,
            SignedIn = code.SignedIn,
            Session = admission.Session,
            SignOnId = code.SignOnId,
            Nonce = code.Nonce,
            Thumbprint = request.Thumbprint,
            Resources = code.Resources,
            Factor = code.Factor?.Method,
        });
    }

    private static OAuthError? Check(TokenRequest request, AuthorizationCode code)
    {
        var mismatch = OAuthError.InvalidGrant("The code is not valid, was used already, or is too old.", "auth_code_not_found");
        if (code.ApplicationId != request.Client.Application.Id) return mismatch;
        if (request.Form["redirect_uri"] != code.RedirectUri) return OAuthError.InvalidGrant("The redirect_uri is not the one of the authorization request.", "invalid_redirect_uri");
        if (code.CodeChallenge is null && request.Form["code_verifier"] is not null)
            return OAuthError.InvalidGrant("There is a code_verifier, but the authorization request had no code_challenge.", "unexpected_code_verifier");
        if (code.CodeChallenge is { } challenge && (request.Form["code_verifier"] is not { } verifier || !Pkce.Matches(verifier, challenge)))
            return OAuthError.InvalidGrant("The code_verifier is missing or does not fit the code_challenge.", "invalid_code_verifier");

        // Who shows no secret must at least be who began (RFC 9700, section 2.1.1).
        if (code.CodeChallenge is null && request.Caller.IsPublic) return OAuthError.InvalidGrant("A client without a secret must use PKCE.", "missing_code_verifier");
        return code.Thumbprint is { } bound && bound != request.Thumbprint ? OAuthError.InvalidGrant("The code is bound to another key.", "invalid_dpop_key") : null;
    }

    private Task<Outcome<Admission>> Admit(TokenRequest request, AuthorizationCode code, ScopeList scope, Guid sessionId)
    {
        var client = request.Client;
        var wantsRefresh = scope.Contains(Scopes.OfflineAccess) && client.OAuth.GenerateRefreshTokens && client.Allows(GrantTypes.RefreshToken);
        return grains.User(client.Tenant.Id, code.UserId).Admit(new AdmitUser(client.Application.Id, code.Opened, request.Actor)
        {
            Counts = true,
            Factor = code.Factor,
            Session = wantsRefresh ? SessionOf(request, code, sessionId) : null,
        });
    }

    private static NewSession SessionOf(TokenRequest request, AuthorizationCode code, Guid sessionId) => new(
        sessionId,
        code.SignedIn,
        new SessionGrant(code.Scope, code.AuthenticationType)
        {
            IsPublic = request.Caller.IsPublic,
            // A public client's refresh token is bound to the key (RFC 9449, section 5); one with a secret is bound by that.
            Thumbprint = request.Caller.IsPublic ? request.Thumbprint : null,
            SignOnId = code.SignOnId,
            Resources = code.Resources,
        },
        null);

    private static OAuthError Refused(Outcome<Admission> admitted) => admitted.Refusal is { } refusal
        ? OAuthError.From(refusal)
        : OAuthError.InvalidGrant("The user may not sign in at the moment.", LoginReasons.Of(admitted.Value!.Status));
}
