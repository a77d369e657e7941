using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansAuth.Keys;

namespace OrleansAuth.Webhooks;

/// <summary>Certificates that count for one receiver.</summary>
/// <param name="Trusted">Certificates in PEM that are trusted beside those of the machine's authorities; null for none.</param>
/// <param name="Client">A key with a certificate that is shown to the receiver; null for none.</param>
internal sealed record OutgoingTls(string? Trusted, Key? Client)
{
    /// <summary>Names no key.</summary>
    public override string ToString() => "certificates";

    /// <exception cref="OutgoingCertificateException">One of them cannot be read.</exception>
    public SslClientAuthenticationOptions Options()
    {
        try
        {
            var options = new SslClientAuthenticationOptions();
            if (Trusted is not null)
            {
                var trusted = new X509Certificate2Collection();
                trusted.ImportFromPem(Trusted);
                options.RemoteCertificateValidationCallback = (_, shown, sent, errors) => IsTrusted(shown, sent, errors, trusted);
            }

            if (Client is { Certificate: { } certificate, PrivateKey: { } key })
            {
                var own = X509Certificate2.CreateFromPem(certificate, key);
                options.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
            }

            return options;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new OutgoingCertificateException("The certificate or the key that the webhook names cannot be read.");
        }
    }

    /// <summary>The name has to be right in any case; beside that, a chain that ends in a trusted certificate is enough.</summary>
    private static bool IsTrusted(X509Certificate? shown, X509Chain? sent, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || shown is not X509Certificate2 leaf) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var between in sent is null ? [] : sent.ChainElements.ToArray()) chain.ChainPolicy.ExtraStore.Add(between.Certificate);
        return chain.Build(leaf);
    }
}

/// <summary>A webhook's certificate is none. The message is for operators.</summary>
internal sealed class OutgoingCertificateException(string message) : Exception(message);
