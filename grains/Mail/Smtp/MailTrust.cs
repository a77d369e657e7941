using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAuth.Mail;

/// <summary>Which certificates of mail servers are believed: those of the machine's authorities, and of some more if there are any.</summary>
internal sealed class MailTrust(X509Certificate2Collection authorities)
{
    public static readonly MailTrust OfMachine = new([]);

    public SslClientAuthenticationOptions For(string host) => new()
    {
        TargetHost = host,
        RemoteCertificateValidationCallback = authorities.Count == 0 ? null : Validate,
    };

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        // Only an unknown authority is looked at again: a missing certificate or a wrong name stays wrong.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 shown) return false;
        using var again = new X509Chain();
        again.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        again.ChainPolicy.CustomTrustStore.AddRange(authorities);
        again.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain?.ChainElements.Skip(1) ?? []) again.ChainPolicy.ExtraStore.Add(element.Certificate);
        return again.Build(shown);
    }
}
