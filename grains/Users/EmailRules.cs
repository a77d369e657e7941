using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>The form of an e-mail address, and the domains that a tenant does not take.</summary>
internal static class EmailRules
{
    private const int LongestLocalPart = 64;

    public static void Check(string email, string field, Errors errors)
    {
        errors.NotLonger(email, field, LoginName.MaximumLength);
        if (!IsAddress(email)) errors.Add(field, "notEmail", $"The [{field}] must be an e-mail address.");
    }

    /// <summary>Refuses an address in a blocked domain; <c>*.example.com</c> blocks what is below a domain.</summary>
    public static void CheckDomain(string? email, ImmutableArray<string> blocked, Errors errors)
    {
        if (email is null || blocked.IsEmpty) return;
        var domain = email[(email.LastIndexOf('@') + 1)..];
        var refused = blocked.Any(entry => entry.StartsWith("*.", StringComparison.Ordinal)
            ? domain.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase)
            : domain.Equals(entry.TrimStart('@'), StringComparison.OrdinalIgnoreCase));
        if (refused) errors.Add("email", "blocked", "Addresses in this domain are not accepted.");
    }

    /// <summary>Dot-atom and domain of RFC 5321, letters beyond ASCII allowed (RFC 6531); no quoted forms, no comments.</summary>
    public static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= LongestLocalPart && IsLocalPart(email.AsSpan(0, at)) && IsDomain(email.AsSpan(at + 1)) && LoginName.IsClean(email);
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var c in local)
            if (!char.IsAsciiLetterOrDigit(c) && c < 128 && !"!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal)) return false;
        return !local.ContainsAny([.. " \u00a0\u200b"]);
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is 0 or > 253) return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
                if (c != '-' && !char.IsAsciiLetterOrDigit(c) && (c < 128 || !(char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark))) return false;
        }

        return true;
    }
}
