using Microsoft.Extensions.Configuration;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Hosting;

/// <summary>Reads where requests may go whose target a tenant chose.</summary>
internal static class WebhookSettings
{
    private const string Setting = "Webhooks:AllowPrivateAddresses";

    /// <exception cref="SettingsException">The setting is neither true nor false.</exception>
    public static OutgoingHttpOptions Outgoing(IConfiguration settings)
    {
        if (string.IsNullOrEmpty(settings[Setting])) return new OutgoingHttpOptions(false);
        return bool.TryParse(settings[Setting], out var allow) ? new OutgoingHttpOptions(allow) : throw new SettingsException($"{Setting} must be true or false.");
    }
}
