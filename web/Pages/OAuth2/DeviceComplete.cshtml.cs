using System.Text.Json.Nodes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The user decided about a device and can go back to it. The page only says so; it proves and changes nothing.</summary>
internal sealed class DeviceCompleteModel : NamedModel
{
    /// <summary>What became of it, as a key of the message catalogue.</summary>
    public string Outcome { get; private set; } = "";

    public override string Template => "oauth2DeviceComplete";

    public override string Title => Hosted.Text(Outcome);

    public override string? Lead => Hosted.Text(Outcome == "device.approved" ? "device.go-back" : "device.close");

    public void OnGet() => Outcome = Request.Query["outcome"].ToString() switch
    {
        "approved" => "device.approved",
        "denied" => "device.denied",
        _ => "device.over",
    };

    protected override void Describe(JsonObject data) => data["outcome"] = Outcome["device.".Length..];
}
