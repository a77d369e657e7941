using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Mfa;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// A page of the second factor. It belongs to a login that waits, which the browser holds the id of, or to a session that was
/// opened without a second factor; where there is neither, it leads to the page that is next.
/// </summary>
internal abstract class FactorModel(LoginPages pages, FactorChallenges challenges, IGrainFactory grains) : HostedModel(pages)
{
    protected const string CodeField = "code";

    /// <summary>What waits; there after <see cref="Require"/>.</summary>
    protected OpenChallenge Open { get; private set; } = null!;

    /// <summary>How the person wants to go on.</summary>
    protected ChallengeCookie Choice { get; private set; } = null!;

    /// <summary>The user's methods, addresses masked.</summary>
    public IReadOnlyList<TwoFactorMethod> Methods { get; private set; } = [];

    /// <summary>The method in use; null for a recovery code.</summary>
    public TwoFactorMethod? Method => Choice.Choice == FactorSteps.Recovery ? null : Methods.FirstOrDefault(m => m.Id == Choice.Choice) ?? Methods.FirstOrDefault(m => m.LastUsed) ?? (Methods.Count > 0 ? Methods[0] : null);

    /// <param name="setsUp">The page is for those who must set a method up.</param>
    /// <returns>Where to go instead; null where this is the page.</returns>
    protected async Task<IActionResult?> Require(bool setsUp)
    {
        if (await Find() is { } elsewhere) return elsewhere;
        return (Open.Stored.SetsUp && Methods.Count == 0) == setsUp ? null : new SeeOtherResult(PathTo(setsUp ? FactorSteps.Path : FactorSteps.EnablePath));
    }

    /// <summary>Remembers how the person wants to go on.</summary>
    protected void Choose(string choice, bool sent) => (Choice = Choice with { Choice = choice, Sent = sent }).Write(HttpContext, Tenant);

    /// <summary>The login is over: it begins anew.</summary>
    protected IActionResult StartOver()
    {
        ChallengeCookie.Clear(HttpContext, Tenant.Id);
        return new SeeOtherResult(PathTo("/oauth2/authorize"));
    }

    private async Task<IActionResult?> Find()
    {
        if (ChallengeCookie.Read(HttpContext, Tenant.Id) is { } held && await challenges.Find(held.Id, Tenant.Id) is { } open && open.Stored is { OnlyTrust: false, Browser: not null } stored && stored.ApplicationId == Application.Id)
        {
            (Open, Choice) = (open, held);
            if (stored.Session is null)
            {
                await ReadMethods();
                return null;
            }
        }

        var step = await Pages.Next(HttpContext, Visit);
        if (step is not AuthorizationStep.TwoFactor { Session: var session }) return LoginPages.Go(Visit, step);
        if (Open is not { Stored.Session: { } strengthened } || strengthened.SessionId != session.SessionId)
        {
            if (await Begin(session) is { } elsewhere) return elsewhere;
        }

        await ReadMethods();
        return null;
    }

    private async Task<IActionResult?> Begin(SignOnView session)
    {
        var browser = new OpenSignOn(session.Remembered, Request.Headers.UserAgent.ToString());
        var started = await grains.UserFactors(Tenant.Id, session.UserId).Start(new StartFactor(Application.Id, BrowserSessions.Actor(HttpContext))
        {
            Session = new SessionWithoutFactor(session.SessionId, session.Opened, session.SignedIn, session.AuthenticationType, browser),
        });
        if (started.Value is not { } begun || await challenges.Find(begun.Challenge.TwoFactorId, Tenant.Id) is not { } open) return new SeeOtherResult("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query));
        (Open, Choice) = (open, new ChallengeCookie(open.Id, FactorSteps.Preferred(begun.Challenge)?.Id ?? "", Sent: false));
        Choice.Write(HttpContext, Tenant);
        return null;
    }

    private async Task ReadMethods() => Methods = await Open.Owner.Status(new ReadFactorStatus(Application.Id, FactorAction.StepUp, null)) is { } status ? status.Masked.Read<TwoFactorMethod[]>() : [];

    /// <summary>What a method is called on a page: the name that its owner gave it, or what kind it is.</summary>
    public string NameOf(TwoFactorMethod method) => method.Name ?? method.Method switch
    {
        FactorMethods.Email => Hosted.Text("two-factor.method.email", method.Email ?? ""),
        FactorMethods.Sms => Hosted.Text("two-factor.method.sms", method.MobilePhone ?? ""),
        FactorMethods.YubiKey => Hosted.Text("two-factor.method.yubikey"),
        _ => Hosted.Text("two-factor.method.authenticator"),
    };

    /// <summary>The words for what went wrong with sending or adding.</summary>
    protected string FaultOf(Refusal refusal) => refusal.Kind == RefusalKind.Invalid && refusal.Errors is [var error, ..] ? Hosted.Text(error) : Hosted.Text(RefusalText.KeyOf(refusal));
}
