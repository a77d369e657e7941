using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>What an authorization request needs next. Each visit of the browser asks anew; no page remembers that it was passed.</summary>
internal abstract record AuthorizationStep
{
    /// <summary>The user has to say who it is.</summary>
    /// <param name="Known">The account that the browser has a session of; the user only has to prove it again.</param>
    public sealed record SignIn(string? Known) : AuthorizationStep;

    /// <summary>Several accounts are signed in, and the client wants the user to choose.</summary>
    public sealed record ChooseAccount(IReadOnlyList<SignOnView> Accounts) : AuthorizationStep;

    /// <summary>The session was opened without the second factor that is asked for here.</summary>
    public sealed record TwoFactor(SignOnView Session) : AuthorizationStep;

    /// <summary>A gate is shut: the account is locked, has expired, must change its password, or is not verified.</summary>
    public sealed record Gate(LoginStatus Status, SignOnView Session) : AuthorizationStep
    {
        /// <summary>For <see cref="LoginStatus.Prevented"/>: the actions in force, as the API shows them.</summary>
        public JsonText? Actions { get; init; }
    }

    /// <summary>The application wants a registration that the user does not have.</summary>
    /// <param name="MayRegister">The application lets users register themselves.</param>
    public sealed record NotRegistered(SignOnView Session, bool MayRegister) : AuthorizationStep;

    /// <summary>The application is somebody else's: the user has to agree.</summary>
    public sealed record Consent(SignOnView Session, ScopeList Scope) : AuthorizationStep;

    /// <summary>A device waits for the user's word.</summary>
    public sealed record ApproveDevice(SignOnView Session, WaitingDevice Device) : AuthorizationStep;

    /// <summary>The client has its answer.</summary>
    public sealed record Answer(AuthorizationAnswer Value, SignOnView? Session) : AuthorizationStep;
}

/// <summary>
/// The state machine of a login, as a list of questions in their order:
/// <code>
///   who is it? -> is that recent enough? -> is it proved twice? -> may the account come in? -> is it registered? -> does it agree? -> answer
/// </code>
/// Its state is on the server: the single sign-on session and the user. The browser holds the request and an opaque value.
/// </summary>
internal sealed class AuthorizationFlow(AuthorizationAnswers answers, IdTokenHints hints, Storage.Configuration.ConfigurationReader configuration, IGrainFactory grains, Clock clock)
{
    /// <param name="sessions">Sessions of this browser that are good, the one used last first.</param>
    /// <param name="fresh">The session that a login in this very request opened; it is recent enough for everything.</param>
    /// <param name="consented">Scopes that the user agreed to in this very request; null where it was not asked.</param>
    public async Task<AuthorizationStep> Next(AuthorizationRequest request, IReadOnlyList<SignOnView> sessions, Actor actor, SignOnView? fresh = null, ScopeList? consented = null)
    {
        var silent = request.Prompt.HasFlag(Prompt.None);
        if (!ReadHint(request, out var hinted)) return Refuse(request, OAuthError.InvalidRequest("The id_token_hint is no ID token of this application.", "invalid_id_token_hint"));
        var session = fresh ?? Choose(request, sessions, hinted);
        if (fresh is null && !silent && request.Prompt.HasFlag(Prompt.SelectAccount) && sessions.Count > 0) return new AuthorizationStep.ChooseAccount(sessions);
        if (session is null || (fresh is null && !IsRecent(request, session)))
        {
            return silent
                ? Refuse(request, new OAuthError("login_required", "The user has to sign in, and the request allows no page for that."))
                : new AuthorizationStep.SignIn(session?.LoginName);
        }

        var client = request.Client;
        var admitted = await grains.User(client.Tenant.Id, session.UserId).Admit(new AdmitUser(client.Application.Id, session.Opened, actor) { Factor = session.Factor });
        if (admitted.Value is not { } admission)
        {
            return silent
                ? Refuse(request, new OAuthError("login_required", "The user has to sign in, and the request allows no page for that."))
                : new AuthorizationStep.SignIn(null);
        }

        return Blocked(request, session, admission, silent) ?? await Agree(request, session, admission, silent, consented);
    }

    private AuthorizationStep? Blocked(AuthorizationRequest request, SignOnView session, Admission admission, bool silent)
    {
        if (admission.Subject is null)
        {
            return silent
                ? Refuse(request, new OAuthError("interaction_required", "The user has to do something first, and the request allows no page for that.") { Reason = LoginReasons.Of(admission.Status) })
                : admission.Status == LoginStatus.TwoFactor ? new AuthorizationStep.TwoFactor(session) : new AuthorizationStep.Gate(admission.Status, session) { Actions = admission.Actions };
        }

        if (admission.Subject.Registered || !request.Client.OAuth.RequireRegistration) return null;
        return silent
            ? Refuse(request, new OAuthError("interaction_required", "The user is not registered for the application.") { Reason = LoginReasons.Of(LoginStatus.NotRegistered) })
            : new AuthorizationStep.NotRegistered(session, request.Client.Application.RegistrationConfiguration.Enabled);
    }

    private async Task<AuthorizationStep> Agree(AuthorizationRequest request, SignOnView session, Admission admission, bool silent, ScopeList? consented)
    {
        if (request.Device is { } device) return new AuthorizationStep.ApproveDevice(session, device);
        var scope = consented ?? await Remembered(request, session);
        if (scope is null)
        {
            return silent
                ? Refuse(request, new OAuthError("consent_required", "The user has to agree, and the request allows no page for that."))
                : new AuthorizationStep.Consent(session, request.Scope);
        }

        return new AuthorizationStep.Answer(await answers.Grant(request, session, admission, scope), session);
    }

    /// <summary>What needs no asking: everything in an application of our own, or what the user agreed to before. Null where the user has to be asked.</summary>
    private async Task<ScopeList?> Remembered(AuthorizationRequest request, SignOnView session)
    {
        var oauth = request.Client.OAuth;
        if (oauth.Relationship == OAuthApplicationRelationship.FirstParty && !request.Prompt.HasFlag(Prompt.Consent)) return request.Scope;
        if (oauth.ConsentMode == OAuthScopeConsentMode.NeverPrompt) return request.Scope;
        if (oauth.ConsentMode != OAuthScopeConsentMode.RememberDecision || request.Prompt.HasFlag(Prompt.Consent)) return null;
        var known = await grains.User(session.TenantId, session.UserId).RememberedConsent(request.Client.Application.Id);
        if (known is null) return null;
        var asked = ScopeList.Parse(known.Asked);
        if (!request.Scope.Names.All(asked.Contains)) return null;
        var granted = ScopeList.Parse(known.Granted);
        return new ScopeList(request.Scope.Names.Where(granted.Contains).ToImmutableArray());
    }

    /// <summary>The session of the user that the hints name; without one, the session used last.</summary>
    private static SignOnView? Choose(AuthorizationRequest request, IReadOnlyList<SignOnView> sessions, Guid? hinted)
    {
        if (hinted is { } user) return sessions.FirstOrDefault(s => s.UserId == user);
        var named = request.LoginHint is { } hint ? sessions.FirstOrDefault(s => string.Equals(s.LoginName, hint.Trim(), StringComparison.OrdinalIgnoreCase)) : null;

        // Another account was asked for: this one must not slip in for it.
        return request.LoginHint is not null ? named : sessions.Count > 0 ? sessions[0] : null;
    }

    private bool ReadHint(AuthorizationRequest request, out Guid? user)
    {
        user = null;
        if (request.IdTokenHint is not { } token) return true;
        if (hints.Read(configuration.Current, token) is not { } hint || hint.Client.Tenant.Id != request.Client.Tenant.Id) return false;
        user = hint.UserId;
        return true;
    }

    private bool IsRecent(AuthorizationRequest request, SignOnView session)
    {
        // A pushed request cannot be rewritten after the login that it asks for, so it counts from when it came in.
        if (request.PushedAt is { } pushed && session.SignedIn >= pushed) return true;
        if (request.Prompt.HasFlag(Prompt.Login)) return false;
        return request.MaxAge is not { } seconds || clock.Now - session.SignedIn <= seconds * 1000;
    }

    private AuthorizationStep.Answer Refuse(AuthorizationRequest request, OAuthError error) => new(answers.Refuse(request, error), null);
}
