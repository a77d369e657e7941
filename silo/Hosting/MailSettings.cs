using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using OrleansAuth.Mail;

namespace OrleansAuth.Hosting;

/// <summary>Reads which authorities may vouch for mail servers beside those of the machine.</summary>
internal static class MailSettings
{
    /// <exception cref="SettingsException">The file cannot be read or holds no certificate.</exception>
    public static MailTrust Trust(IConfiguration settings)
    {
        if (settings["Mail:CertificateAuthorities"] is not { Length: > 0 } file) return MailTrust.OfMachine;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"The file {file} of the setting Mail:CertificateAuthorities cannot be read: {error.Message}", error);
        }

        return authorities.Count > 0
            ? new MailTrust(authorities)
            : throw new SettingsException($"The file {file} of the setting Mail:CertificateAuthorities holds no certificate in PEM form.");
    }
}
