using OrleansAuth.Common;
using OrleansAuth.Mail;

namespace OrleansAuth.Webhooks;

/// <summary>Where requests go that somebody else configures, and how they sign in there.</summary>
internal static class OutgoingTarget
{
    private const int LongestPassword = 4_000;

    /// <summary>The address of the member <c>url</c>.</summary>
    /// <param name="what">Whose it is, such as <c>webhook</c>.</param>
    public static void CheckUrl(string? value, string what, Errors errors)
    {
        errors.Required(value, "url", 2_048);
        if (string.IsNullOrWhiteSpace(value)) return;
        errors.HttpUrl(value, "url");
        if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Length > 0)
            errors.Add("url", "invalid", $"The [{what}.url] must not hold a name or a password; they have members of their own.");
    }

    /// <summary>Name and password of HTTP Basic, where there is a name.</summary>
    public static void CheckBasic(string? name, string? password, string what, Errors errors)
    {
        errors.NotLonger(password, "httpAuthenticationPassword", LongestPassword);
        if (string.IsNullOrEmpty(name)) return;
        errors.NotLonger(name, "httpAuthenticationUsername", 255);
        if (name.Contains(':', StringComparison.Ordinal) || !MailHeaderText.IsClean(name))
            errors.Add("httpAuthenticationUsername", "invalid", $"The [{what}.httpAuthenticationUsername] must not have colons or control characters.");
        if (string.IsNullOrEmpty(password))
            errors.Add("httpAuthenticationPassword", "blank", "A user name needs its password, and again whenever address or user name change.");
    }

    /// <summary>Whether two addresses lead to the same server by the same way: what was given for one must not be sent to another, nor in the clear.</summary>
    public static bool SameServer(string? one, string? other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var a) && Uri.TryCreate(other, UriKind.Absolute, out var b)
        && Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
