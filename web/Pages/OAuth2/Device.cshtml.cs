using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Somebody types the code that a device shows (RFC 8628, section 3.3). Also a code that comes with the address only stands
/// in the field: the person compares it with what the device shows (section 3.3.1).
/// </summary>
internal sealed class DeviceModel(DeviceCodes codes, ConfigurationReader configuration) : NamedModel
{
    /// <summary>What was typed, or came with the address.</summary>
    public string UserCode { get; private set; } = "";

    public override string Template => "oauth2Device";

    public override string Title => Hosted.Text("device.title");

    public override string? Lead => Hosted.Text("device.lead");

    public override string? Action => Request.Path + Request.QueryString;

    public IActionResult OnGet()
    {
        UserCode = Shortened(Request.Query["user_code"].ToString());
        return Show(null);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        UserCode = Shortened(form["user_code"].ToString().Trim());
        if (UserCode.Length == 0) return Show("device.code-missing");
        if (!Named(out var tenantId, out var applicationId)) return Show("device.code-unknown");
        var found = await codes.Find(UserCode, tenantId, applicationId, HttpContext.Connection.RemoteIpAddress);
        if (found.Error is { } error) return Show(error.Status == StatusCodes.Status429TooManyRequests ? "device.too-many" : "device.code-unknown");
        return new SeeOtherResult(QueryHelpers.AddQueryString("/oauth2/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = found.Value!.Client.Id,
            ["tenantId"] = found.Value.Client.Tenant.Id.ToString(),
            ["user_code"] = found.Value.UserCode,
            ["locale"] = Request.Query["locale"].FirstOrDefault(),
        }));
    }

    /// <summary>Where the address names tenant or client, the code must be theirs.</summary>
    private bool Named(out Guid? tenantId, out Guid? applicationId)
    {
        (tenantId, applicationId) = (null, null);
        var (tenant, client) = (Request.Query["tenantId"].ToString(), Request.Query["client_id"].ToString());
        if (tenant.Length > 0)
        {
            if (!Guid.TryParse(tenant, out var id)) return false;
            tenantId = id;
        }

        if (client.Length == 0) return true;
        applicationId = OAuthClient.Find(configuration.Current, client, tenant.Length > 0 ? tenant : null)?.Application.Id;
        return applicationId is not null;
    }

    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(string? fault)
    {
        Fields =
        [
            new HostedField("user_code", Hosted.Text("device.code"))
            {
                Value = UserCode,
                Autocomplete = "one-time-code",
                IsCode = true,
                MaxLength = 64,
                Focused = true,
                Error = fault is null ? null : Hosted.Text(fault),
            },
        ];
        return Page();
    }

    private static string Shortened(string text) => text.Length > 64 ? text[..64] : text;
}
