using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.Mfa;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Another of the user's methods is chosen; where its codes come by mail or message, one is sent.</summary>
internal sealed class TwoFactorMethodsModel(LoginPages pages, FactorChallenges challenges, IGrainFactory grains) : FactorModel(pages, challenges, grains)
{
    private const string MethodField = "methodId";

    public override string Template => "oauth2TwoFactorMethods";

    public override string Title => Hosted.Text("two-factor.methods-title");

    public override string? Action => PathTo(FactorSteps.MethodsPath);

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["back"] = new(PathTo(FactorSteps.Path), Hosted.Text("two-factor.back")) };

    public async Task<IActionResult> OnGetAsync() => await Require(setsUp: false) ?? Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Require(setsUp: false) is { } elsewhere) return elsewhere;
        var chosen = (await Request.ReadFormAsync(HttpContext.RequestAborted))[MethodField].ToString();
        var method = Methods.FirstOrDefault(m => m.Id == chosen);
        if (method is null && chosen != FactorSteps.Recovery) return Show("[blank]");
        var sends = method is { Method: FactorMethods.Email or FactorMethods.Sms };
        if (sends && !await FactorSteps.Send(Open.Owner, Open.Id, chosen, Application.Id, HttpContext)) return Show("two-factor.not-sent");
        Choose(chosen, sends);
        return new SeeOtherResult(PathTo(FactorSteps.Path));
    }

    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(string? fault)
    {
        Fields =
        [
            new HostedField(MethodField, Hosted.Text("two-factor.methods"))
            {
                Control = FieldControl.Radio,
                Value = Method?.Id ?? FactorSteps.Recovery,
                Focused = true,
                Options = [.. Methods.Select(m => new FieldOption(m.Id!, NameOf(m))), new FieldOption(FactorSteps.Recovery, Hosted.Text("two-factor.method.recovery"))],
                Error = fault is null ? null : Hosted.Text(fault),
            },
        ];
        return Page();
    }
}
