using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The browser has sessions of several accounts, and the client wants the user to choose (OpenID Connect, <c>prompt=select_account</c>).</summary>
internal sealed class ChooseAccountModel(LoginPages pages) : HostedModel(pages)
{
    public IReadOnlyList<SignOnView> Accounts { get; private set; } = [];

    public override string Template => ThemeTemplates.ChooseAccount;

    public override string Title => Hosted.Text("choose-account.title");

    public override string? Lead => Hosted.Text("sign-in.lead", Application.Name);

    public override string? Action => PathTo("/oauth2/choose-account");

    /// <summary>What stands for the face of an account.</summary>
    public static string Initial(SignOnView account) => StringInfo.GetNextTextElement(account.LoginName ?? "?").ToUpperInvariant();

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.ChooseAccount>();
        if (step is null) return elsewhere!;
        Accounts = step.Accounts;
        return Page();
    }

    /// <param name="sessionId">One of the accounts; none to sign in with another.</param>
    public async Task<IActionResult> OnPostAsync(Guid? sessionId)
    {
        var (step, elsewhere) = await Require<AuthorizationStep.ChooseAccount>();
        if (step is null) return elsewhere!;
        if (sessionId is null) return new SeeOtherResult("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query));
        return step.Accounts.FirstOrDefault(a => a.SessionId == sessionId) is { } chosen
            ? await Pages.Chosen(HttpContext, Visit, chosen)
            : await OnGetAsync();
    }

    protected override void Describe(JsonObject data) =>
        data["accounts"] = new JsonArray([.. Accounts.Select(a => (JsonNode)new JsonObject { ["sessionId"] = a.SessionId.ToString(), ["loginName"] = a.LoginName })]);
}
