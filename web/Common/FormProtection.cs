using System.Text;
using Microsoft.AspNetCore.DataProtection;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Common;

/// <summary>
/// Protects the hidden tokens of forms with the master key, so that a form which one node made is taken by every node, also
/// after a restart. Nothing that gives authority is protected this way: sessions are in the store.
/// </summary>
internal sealed class FormProtection(SecretBox box, string purpose = "form") : IDataProtectionProvider, IDataProtector
{
    /// <summary>The cookie that tokens of forms are held against.</summary>
    public const string CookieName = "form";

    public IDataProtector CreateProtector(string name) => new FormProtection(box, $"{purpose}/{name}");

    public byte[] Protect(byte[] plaintext) => Encoding.ASCII.GetBytes(box.Seal(Convert.ToBase64String(plaintext), purpose));

    public byte[] Unprotect(byte[] protectedData)
    {
        try
        {
            return Convert.FromBase64String(box.Open(Encoding.ASCII.GetString(protectedData), purpose));
        }
        catch (StoreUnavailableException error)
        {
            // To the box a text that it cannot open is a wrong master key; in a form it is just a forged token.
            throw new System.Security.Cryptography.CryptographicException("The token is not one of this server.", error);
        }
    }
}
