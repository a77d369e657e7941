using Microsoft.Extensions.Configuration;
using OrleansAuth.Mfa;

namespace OrleansAuth.Hosting;

/// <summary>Reads where one-time passwords of YubiKeys are checked.</summary>
internal static class MfaSettings
{
    private const string Section = "Mfa:Yubico";

    /// <exception cref="SettingsException">Something of it is missing or wrong.</exception>
    public static YubicoOptions Yubico(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        var (client, secret) = (section["ClientId"], section["SecretKey"]);
        var urls = section.GetSection("Urls").GetChildren().Select(u => u.Value).Append(section["Urls"]).OfType<string>()
            .SelectMany(u => u.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (client is null && secret is null && urls.Count == 0) return YubicoOptions.None;
        if (string.IsNullOrEmpty(client) || string.IsNullOrEmpty(secret) || urls.Count == 0)
            throw new SettingsException($"{Section}:ClientId, {Section}:SecretKey and {Section}:Urls belong together: set all of them, or none.");
        var key = new byte[64];
        if (!Convert.TryFromBase64String(secret, key, out var length) || length < 16)
            throw new SettingsException($"{Section}:SecretKey must be the key of the validation server in Base64, at least 16 bytes.");
        return new YubicoOptions(client, key[..length], [.. urls.Select(Address)]);
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        ? url
        : throw new SettingsException($"{Section}:Urls must be http or https addresses, such as https://api.yubico.com/wsapi/2.0/verify.");
}
