using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Applications;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// A device waits for the user's word. The page says which application it is, what it asks for, and where the request came
/// from, so that whoever was sent here by somebody else's code can notice (RFC 8628, section 5.4).
/// </summary>
internal sealed class DeviceApproveModel(LoginPages pages, DeviceCodes codes) : HostedModel(pages)
{
    /// <summary>Who approves.</summary>
    public string? LoginName { get; private set; }

    public DeviceRequest Device { get; private set; } = null!;

    /// <summary>As the device must show it.</summary>
    public string UserCode { get; private set; } = "";

    /// <summary>How the device calls itself; nothing of it is proved.</summary>
    public string? DeviceName { get; private set; }

    /// <summary>Scopes that are asked for; the application's own with their words.</summary>
    public IReadOnlyList<(string Scope, ApplicationOAuthScope? Custom)> Asked { get; private set; } = [];

    public override string Template => ThemeTemplates.DeviceApprove;

    public override string Title => Hosted.Text("device.approve-title", Application.Name);

    public override string? Lead => Hosted.Text("device.approve-lead");

    public override string? Action => PathTo("/oauth2/device-approve");

    /// <summary>What is asked for in words.</summary>
    public IEnumerable<ShownScope> Shown => Asked.Select(a => ShownScope.Of(a.Scope, a.Custom, true, Hosted));

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.ApproveDevice>();
        if (step is null) return elsewhere!;
        (LoginName, Device, UserCode) = (step.Session.LoginName, step.Device.Request, step.Device.UserCode);
        DeviceName = (string?)Device.Info?["name"] ?? (string?)Device.Info?["description"];
        Asked = [.. ScopeList.Parse(Device.Scope).Names.Select(scope => (scope, Application.Scopes.FirstOrDefault(s => s.Name == scope)))];
        return Page();
    }

    /// <param name="allow">The user lets the device in.</param>
    public async Task<IActionResult> OnPostAsync(bool allow)
    {
        var (step, elsewhere) = await Require<AuthorizationStep.ApproveDevice>();
        if (step is null) return elsewhere!;
        var session = step.Session;
        var approval = allow ? new DeviceApproval(session.UserId, session.AuthenticationType, session.SignedIn, session.Opened, session.SessionId) { Factor = session.Factor } : null;
        var decided = await codes.Decide(step.Device, approval);
        return new SeeOtherResult(QueryHelpers.AddQueryString("/oauth2/device-complete", new Dictionary<string, string?>
        {
            ["client_id"] = Visit.Request.Client.Id,
            ["tenantId"] = Tenant.Id.ToString(),
            ["locale"] = Visit.Request.Locale,
            ["outcome"] = !decided ? "over" : allow ? "approved" : "denied",
        }));
    }

    protected override void Describe(JsonObject data)
    {
        (data["loginName"], data["userCode"], data["deviceName"], data["address"]) = (LoginName, UserCode, DeviceName, Device.Address);
        data["scopes"] = new JsonArray([.. Shown.Select(s => (JsonNode)new JsonObject { ["name"] = s.Name, ["message"] = s.Message })]);
    }
}
