using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The second factor of a login: a code is typed, or sent again.</summary>
internal sealed class TwoFactorModel(LoginPages pages, FactorChallenges challenges, IGrainFactory grains) : FactorModel(pages, challenges, grains)
{
    private const string TrustField = "trustComputer";

    /// <summary>Codes of the method come by mail or message.</summary>
    public bool Sends => Method is { Method: FactorMethods.Email or FactorMethods.Sms };

    public bool WasSent => Choice.Sent;

    public override string Template => "oauth2TwoFactor";

    public override string Title => Hosted.Text("two-factor.title");

    public override string? Lead => Method switch
    {
        null => Hosted.Text("two-factor.lead.recovery"),
        { Method: FactorMethods.Email or FactorMethods.Sms } method => Hosted.Text(WasSent ? "two-factor.lead.sent" : "two-factor.lead.send", method.Email ?? method.MobilePhone ?? ""),
        { Method: FactorMethods.YubiKey } => Hosted.Text("two-factor.lead.yubikey"),
        _ => Hosted.Text("two-factor.lead.authenticator"),
    };

    public override string? Action => PathTo(FactorSteps.Path);

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["methods"] = new(PathTo(FactorSteps.MethodsPath), Hosted.Text("two-factor.other")) };

    public async Task<IActionResult> OnGetAsync() => await Require(setsUp: false) ?? Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        // Who has just set a method up comes here with the code that the set-up gave out.
        if (await Require(setsUp: false) is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        if (form["send"] == "true") return await Send();
        var code = form[CodeField].ToString().Trim();
        if (code.Length is 0 or > 64) return Show("two-factor.code-missing");
        var proved = await Open.Owner.Prove(new ProveFactor(Open.Id, code, BrowserSessions.Actor(HttpContext))
        {
            TrustsComputer = form[TrustField] == "true",
            TrustId = TrustCookie.Read(HttpContext),
            ApplicationId = Application.Id,
        });
        if (proved.Refusal is { } refusal) return refusal.Kind == Common.RefusalKind.NotFound ? StartOver() : Show(RefusalText.KeyOf(refusal));
        if (proved.Value!.WasWrong) return Show("two-factor.wrong");
        TrustCookie.Write(HttpContext, proved.Value);
        ChallengeCookie.Clear(HttpContext, Tenant.Id);
        return await GoOn(proved.Value.Login!);
    }

    protected override void Describe(JsonObject data) => (data["sends"], data["sent"], data["method"]) = (Sends, WasSent, Method?.Method);

    private async Task<IActionResult> GoOn(LoginResult login)
    {
        var remember = Open.Stored.Browser!.Remember;
        if (Open.Stored.Session is not null && login is { SignOn: { } opened, UserId: { } userId }) return await Pages.Strengthened(HttpContext, Visit, opened, userId, remember);
        if (await Pages.After(HttpContext, Visit, login, remember) is { } next) return next;
        var fault = GateFault.Of(login.Status, login.Actions, Service<Common.Clock>().Now);
        return Show(fault.Key, ofForm: true, fault.Wait);
    }

    private async Task<IActionResult> Send()
    {
        if (!Sends) return Show(null);
        var sent = await FactorSteps.Send(Open.Owner, Open.Id, Method!.Id!, Application.Id, HttpContext);
        if (!sent) return Show("two-factor.not-sent", ofForm: true);
        Choose(Method!.Id!, sent: true);
        return new SeeOtherResult(Action!);
    }

    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(string? fault, bool ofForm = false, string wait = "")
    {
        var text = fault is null ? null : Hosted.Text(fault, wait);
        Alert = ofForm ? text : null;
        var fields = new List<HostedField>
        {
            new(CodeField, Hosted.Text(Method is null ? "two-factor.recovery-code" : "two-factor.code"))
            {
                Autocomplete = Method is null ? "off" : "one-time-code",
                InputMode = Method is null or { Method: FactorMethods.YubiKey } ? null : "numeric",
                IsCode = Method is not { Method: FactorMethods.YubiKey },
                MaxLength = 64,
                Error = ofForm ? null : text,
            },
        };
        if (Application.MultiFactorConfiguration.TrustPolicy != Applications.ApplicationMultiFactorTrustPolicy.None)
            fields.Add(new HostedField(TrustField, Hosted.Text("two-factor.trust")) { Control = FieldControl.Checkbox, Required = false });
        Fields = HostedField.Focus(fields);
        return Page();
    }
}
