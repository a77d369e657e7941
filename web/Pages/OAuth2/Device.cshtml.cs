using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Somebody types the code that a device shows (RFC 8628, section 3.3). Also a code that comes with the address only stands
/// in the field: the person compares it with what the device shows (section 3.3.1).
/// </summary>
internal sealed class DeviceModel(DeviceCodes codes, ConfigurationReader configuration) : ThemedModel
{
    private const string CodeField = "user_code";
    private const int Longest = 64;

    private OAuthClient? _client;
    private Tenant? _tenant;

    public override string Template => "oauth2Device";

    public override string Title => Hosted.Text("device.title");

    public override string? Lead => Hosted.Text("device.lead");

    public override string? Action => "/oauth2/device" + Request.QueryString.Value;

    public override Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var (client, tenant) = (Request.Query["client_id"].ToString(), Request.Query["tenantId"].ToString());
        if (client.Length > 0) _client = OAuthClient.Find(configuration.Current, client, tenant.Length > 0 ? tenant : null);
        _tenant = _client?.Tenant ?? (Guid.TryParse(tenant, out var id) && configuration.Current.Find<Tenant>(id) is { State: ObjectState.Active } named ? named : null);
        OpenFrame(_tenant, _client?.Application);
        return Run(next);
    }

    public void OnGet() => Show(null, Shortened(Request.Query[CodeField].ToString()));

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var typed = Shortened(form[CodeField].ToString().Trim());
        if (typed.Length == 0) return Show(Hosted.Text("device.code-missing"), typed);

        // Where the address names a tenant or a client, the code must be theirs.
        if ((_tenant is null && Request.Query["tenantId"].ToString().Length > 0) || (_client is null && Request.Query["client_id"].ToString().Length > 0))
            return Show(Hosted.Text("device.code-unknown"), typed);
        var found = await codes.Find(typed, _tenant?.Id, _client?.Application.Id, HttpContext.Connection.RemoteIpAddress);
        if (found.Error is { } error) return Show(error.Status == StatusCodes.Status429TooManyRequests ? Hosted.Text("device.too-many") : Hosted.Text("device.code-unknown"), typed);
        return new SeeOtherResult(QueryHelpers.AddQueryString("/oauth2/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = found.Value!.Client.Id,
            ["tenantId"] = found.Value.Client.Tenant.Id.ToString(),
            [CodeField] = found.Value.UserCode,
            ["locale"] = Request.Query["locale"].FirstOrDefault(),
        }));
    }

    private PageResult Show(string? fault, string typed)
    {
        Fields = [new HostedField(CodeField, Hosted.Text("device.code")) { Value = typed, Error = fault, Focused = true, MaxLength = Longest, IsCode = true }];
        return Page();
    }

    private static string Shortened(string text) => text.Length > Longest ? text[..Longest] : text;
}
