using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Somebody makes an account, and is registered for the application and signed in with it.</summary>
internal sealed class RegisterModel(LoginPages pages, IGrainFactory grains) : HostedModel(pages)
{
    /// <summary>What was typed, by the field's name, without passwords.</summary>
    public Dictionary<string, string> Typed { get; } = [];

    /// <summary>What is wrong, by the field's name; the name is empty for what belongs to no field.</summary>
    public Dictionary<string, string> Faults { get; } = [];

    public RegistrationConfiguration Settings => Application.RegistrationConfiguration;

    /// <summary>The fields of the page in their order, each with whether it must be filled in.</summary>
    public IEnumerable<(string Name, bool Required)> Fields => RegistrationFields.Of(Settings);

    public async Task<IActionResult> OnGetAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        if (Visit.Request.LoginHint is { } hint) Typed[RegistrationFields.LoginField(Settings)] = hint;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var user = RegistrationFields.Read(Settings, form, Typed, Faults);
        if (Faults.Count > 0) return Page();
        var (userId, actor) = (Guid.CreateVersion7(), BrowserSessions.Actor(HttpContext));
        var registration = JsonText.From(new JsonObject { ["applicationId"] = Application.Id });
        var created = await grains.User(Tenant.Id, userId).Create(new CreateUser(JsonText.From(user), registration, false, false, actor));
        if (created.Refusal is { } refusal) return Refused(refusal);
        return await SignIn(userId, Typed[RegistrationFields.LoginField(Settings)], form["password"].ToString(), actor);
    }

    private async Task<IActionResult> SignIn(Guid userId, string loginId, string password, Configuration.Actor actor)
    {
        var login = new Login(loginId, ["email", "username", "phoneNumber"], password, Application.Id, null, actor) { SignOn = new OpenSignOn(false, Request.Headers.UserAgent.ToString()) };
        var outcome = await grains.User(Tenant.Id, userId).Login(login);
        return outcome.Value is { SignOn: { } opened }
            ? await Pages.SignedIn(HttpContext, Visit, opened, userId, remember: false)
            // The account is there, and a gate is shut: the sign-in page says which, to who knows the password.
            : new SeeOtherResult(PathTo("/oauth2/authorize"));
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Refused(Refusal refusal)
    {
        foreach (var error in refusal.Errors) Faults.TryAdd(RegistrationFields.FieldOf(error), error.Message);
        if (Faults.Count == 0) Faults[""] = "sign-in.try-again";
        return Page();
    }

    /// <summary>Where registration is off, or somebody is signed in already, this is not the page.</summary>
    private async Task<IActionResult?> Elsewhere()
    {
        if (!Settings.Enabled) return new SeeOtherResult(PathTo("/oauth2/authorize"));
        var step = await Pages.Next(HttpContext, Visit);
        return step is AuthorizationStep.SignIn or AuthorizationStep.ChooseAccount ? null : LoginPages.Go(Visit, step);
    }
}
