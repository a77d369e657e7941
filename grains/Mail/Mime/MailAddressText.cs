using System.Buffers;
using System.Globalization;

namespace OrleansAuth.Mail;

/// <summary>An address in the form in which it travels.</summary>
/// <param name="Text">Local part and domain; the domain in ASCII where the local part is.</param>
/// <param name="International">It needs a server that takes UTF-8 in addresses (SMTPUTF8, RFC 6531).</param>
internal readonly record struct MailAddressText(string Text, bool International)
{
    // Quoted local parts and address literals are none of ours: users cannot have them.
    private static readonly SearchValues<char> Special = SearchValues.Create(" <>(),;:\\\"[]");

    /// <returns>Null for what no mail can be sent to: not an address, or with characters that have no business in a command or a header.</returns>
    public static MailAddressText? Read(string? address)
    {
        if (address is null || address.Length > 320 || !MailHeaderText.IsClean(address) || address.AsSpan().ContainsAny(Special)) return null;
        var at = address.LastIndexOf('@');
        if (at < 1 || at == address.Length - 1 || address.IndexOf('@', StringComparison.Ordinal) != at) return null;
        var (local, domain) = (address[..at], address[(at + 1)..]);
        if (!MimeText.IsAscii(local)) return new MailAddressText(address, true);
        if (MimeText.IsAscii(domain)) return new MailAddressText(address, false);
        try
        {
            return new MailAddressText($"{local}@{new IdnMapping().GetAscii(domain)}", false);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public string Domain => Text[(Text.LastIndexOf('@') + 1)..];
}
