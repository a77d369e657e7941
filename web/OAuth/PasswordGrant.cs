using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>
/// The resource owner password grant (RFC 6749, section 4.3), for old clients of the contract: off until an application
/// enables it (RFC 9700, section 2.4 advises against it). The way through the gates is that of the login API.
/// </summary>
internal sealed class PasswordGrant(TokenAnswers answers, TokenIssuer issuer, IGrainFactory grains, LoginLookup users, Clock clock)
{
    public async Task<OAuthOutcome<JsonObject>> Redeem(TokenRequest request)
    {
        if (request.Form["username"] is not { Length: <= 256 } name) return OAuthError.InvalidRequest("The username is missing or too long.", "missing_username");
        if (request.Form["password"] is not { Length: <= 1024 } password) return OAuthError.InvalidRequest("The password is missing or too long.", "missing_password");
        var client = request.Client;
        var scope = Scopes.Read(client, request.Form["scope"]);
        if (scope.Value is not { } granted) return scope.Error!;
        if (issuer.KeyFor(request.Snapshot, client.Tenant.Id, client.Application.Id).Refusal is { } noKey) return OAuthError.From(noKey);
        var user = await users.Find(client.Tenant.Id, name, mayBePhone: false, request.Http.RequestAborted);
        var outcome = await user.Login(new Login(name, [], password, new LoginWish(client.Application.Id, request.Actor) { WithoutSession = true }));
        if (outcome.Value is not { } login) return OAuthError.From(outcome.Refusal!);
        if (login.Subject is not { } subject) return Refused(login);
        if (login.Status == LoginStatus.NotRegistered && client.OAuth.RequireRegistration) return Refused(login);
        return await Answer(request, login, subject, granted);
    }

    private async Task<OAuthOutcome<JsonObject>> Answer(TokenRequest request, LoginResult login, TokenSubject subject, ScopeList scope)
    {
        var (client, signedIn) = (request.Client, clock.Now);
        OpenedSession? session = null;
        if (scope.Contains(Scopes.OfflineAccess) && client.OAuth.GenerateRefreshTokens && client.Allows(GrantTypes.RefreshToken))
        {
            var grant = new SessionGrant(scope.ToString(), login.AuthenticationType) { IsPublic = request.Caller.IsPublic, Thumbprint = request.Caller.IsPublic ? request.Thumbprint : null };
            var admitted = await grains.User(client.Tenant.Id, subject.UserId).Admit(new AdmitUser(client.Application.Id, signedIn, request.Actor)
            {
                Session = new NewSession(Guid.CreateVersion7(), signedIn, grant, null),
            });
            if (admitted.Value is not { } admission) return OAuthError.From(admitted.Refusal!);
            session = admission.Session;
        }

        return await answers.Make(request.Snapshot, new UserGrant(client, subject, scope, GrantTypes.Password)
        {
            AuthenticationType = login.AuthenticationType,
            SignedIn = signedIn,
            Session = session,
            Thumbprint = request.Thumbprint,
        });
    }

    /// <summary>A wrong login says no more than that; what only the right password reveals is said by name, as the contract has it.</summary>
    private static OAuthError Refused(LoginResult login) => login.Status switch
    {
        LoginStatus.TwoFactor => new OAuthError("two_factor_required", "The user must prove a second factor. Send the code with the two_factor_id to /api/two-factor/login.")
        {
            Reason = LoginReasons.Of(login.Status),
            More = new JsonObject { ["two_factor_id"] = login.Challenge!.TwoFactorId, ["two_factor_methods"] = login.Challenge.Methods.Read<JsonArray>() },
        },
        LoginStatus.ChangePassword => new OAuthError("change_password_required", "The user must change the password first.")
        {
            Reason = LoginReasons.Of(login.Status),
            More = new JsonObject { ["change_password_reason"] = login.ChangePasswordReason?.ToString() },
        },
        var status => OAuthError.InvalidGrant("The user credentials are not valid, or the user may not sign in at the moment.", LoginReasons.Of(status)),
    };
}
