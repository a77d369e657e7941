using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The user decided about a device and can go back to it. The page only says so; it proves and changes nothing.</summary>
internal sealed class DeviceCompleteModel : PageModel
{
    /// <summary>What became of it, as a key of the message catalogue.</summary>
    public string Outcome { get; private set; } = "";

    public void OnGet() => Outcome = Request.Query["outcome"].ToString() switch
    {
        "approved" => "device.approved",
        "denied" => "device.denied",
        _ => "device.over",
    };
}
