using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// The part of a hosted page that a passkey is used or made with: a form that our script fills in. Browsers without scripts
/// never see it.
/// </summary>
/// <param name="Action">Where the form is sent.</param>
/// <param name="Start">Where the script asks for options.</param>
/// <param name="Kind"><c>get</c> or <c>create</c>.</param>
/// <param name="Nonce">Lets the script run on this answer alone.</param>
internal sealed record PasskeyPart(string Action, string Start, string Kind, string Button, string Nonce)
{
    /// <summary>The browser fills in passkeys where it fills in names.</summary>
    public bool Fills { get; init; }

    /// <summary>The button stands alone, not beside another way.</summary>
    public bool IsOnly { get; init; }

    /// <summary>The part of a page that is being answered; the page's policy lets the script run.</summary>
    public static PasskeyPart Open(HttpContext http, string action, string start, string kind, string button) =>
        new(action, start, kind, button, ContentPolicy.Of(http).AllowOwnScript());

    /// <summary>As templates of a theme see it.</summary>
    public JsonObject Data() => new()
    {
        ["action"] = Action,
        ["start"] = Start,
        ["kind"] = Kind,
        ["button"] = Button,
        ["fills"] = Fills,
        ["script"] = Assets.PasskeysPath,
        ["nonce"] = Nonce,
    };

    /// <summary>
    /// What stands for the browser in a challenge: by the cookie that its forms are held against, so that nobody can have a
    /// challenge of his own answered in somebody else's browser. Null where there is no such cookie.
    /// </summary>
    public static string? BrowserOf(HttpContext http) =>
        http.Request.Cookies[FormProtection.CookieName] is { Length: > 0 } cookie ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(cookie))) : null;
}
