using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The user decided about a device and can go back to it. The page only says so; it proves and changes nothing.</summary>
internal sealed class DeviceCompleteModel(ConfigurationReader configuration) : ThemedModel
{
    private string Outcome => Request.Query["outcome"].ToString();

    /// <summary>The device was let in.</summary>
    public bool IsGood => Outcome == "approved";

    public override string Template => "oauth2DeviceComplete";

    public override string Title => Outcome switch
    {
        "approved" => Hosted.Text("device-complete.approved"),
        "denied" => Hosted.Text("device-complete.denied"),
        _ => Hosted.Text("device-complete.over"),
    };

    public override string? Lead => IsGood ? Hosted.Text("device-complete.go-back") : Hosted.Text("device-complete.close");

    public override Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var client = OAuthClient.Find(configuration.Current, Request.Query["client_id"], Request.Query["tenantId"].FirstOrDefault());
        OpenFrame(client?.Tenant, client?.Application);
        return Run(next);
    }

    public IActionResult OnGet() => Page();

    protected override void Describe(JsonObject data) => data["approved"] = IsGood;
}
