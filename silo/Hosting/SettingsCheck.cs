using Microsoft.Extensions.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>Stops the start on a setting that nobody reads, which is nearly always a spelling mistake.</summary>
internal static class SettingsCheck
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Storage"] = ["Path", "ConnectionString"],
        ["Secrets"] = ["MasterKey"],
        ["Kickstart"] = ["File"],
        ["Web"] = ["PublicUrl"],
        ["Mail"] = ["CertificateAuthorities"],
        ["Silo"] = ["ClusterId", "Address", "Port", "GatewayPort"],
        ["Breaches"] = ["Folder"],
        ["Webhooks"] = ["AllowPrivateAddresses"],
        ["Mfa"] = ["Yubico"],
        ["Mfa:Yubico"] = ["ClientId", "SecretKey", "Urls"],
    };

    /// <exception cref="SettingsException">The message says which setting, and what there is.</exception>
    public static void Run(IConfiguration settings)
    {
        foreach (var (section, names) in Known)
        {
            if (settings.GetSection(section).GetChildren().FirstOrDefault(s => !names.Contains(s.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw new SettingsException($"There is no setting {section}:{unknown.Key}. Known in {section}: {string.Join(", ", names)}.");
        }
    }
}

/// <summary>Settings that are wrong. The message is for the operator: what is wrong, and what to do.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException()
    {
    }

    public SettingsException(string message) : base(message)
    {
    }

    public SettingsException(string message, Exception inner) : base(message, inner)
    {
    }
}
