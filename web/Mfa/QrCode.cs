using System.Text;
using QRCoder;

namespace OrleansAuth.Mfa;

/// <summary>
/// What an authenticator application scans: the address of a secret (Google's Key URI format) as a picture that stands in
/// the page itself, dark on white in every scheme of colours.
/// </summary>
internal static class QrCode
{
    /// <summary>The address of a secret.</summary>
    /// <param name="issuer">Whose account it is for.</param>
    /// <param name="account">A name of the user.</param>
    public static string Address(string issuer, string account, string base32, Tenants.MultiFactorAuthenticatorMethod settings)
    {
        // A colon divides issuer and account, so neither may have one.
        var (from, name) = (Uri.EscapeDataString(issuer.Replace(':', ' ')), Uri.EscapeDataString(account.Replace(':', ' ')));
        return $"otpauth://totp/{from}:{name}?secret={base32}&issuer={from}&algorithm={settings.Algorithm.ToString()["Hmac".Length..]}&digits={settings.CodeLength}&period={settings.TimeStep}";
    }

    /// <summary>An SVG element without scripts, styles or anything of the text in it.</summary>
    /// <param name="label">What those hear who cannot see it.</param>
    public static string Svg(string text, string label)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var modules = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < modules.Count; y++)
        {
            for (var x = 0; x < modules.Count; x++)
            {
                if (!modules[y][x]) continue;
                var start = x;
                while (x + 1 < modules.Count && modules[y][x + 1]) x++;
                path.Append('M').Append(start).Append(' ').Append(y).Append('h').Append(x - start + 1).Append("v1h-").Append(x - start + 1).Append('z');
            }
        }

        return $"<svg class=\"qr\" viewBox=\"0 0 {modules.Count} {modules.Count}\" role=\"img\" aria-label=\"{System.Net.WebUtility.HtmlEncode(label)}\" shape-rendering=\"crispEdges\">"
            + $"<path fill=\"#fff\" d=\"M0 0h{modules.Count}v{modules.Count}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>";
    }
}
