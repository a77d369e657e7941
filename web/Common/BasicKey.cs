using System.Text;

namespace OrleansAuth.Common;

/// <summary>
/// An API key that comes by basic authentication (RFC 7617), as the password of the user <c>apikey</c>: on the few endpoints that are
/// called by programs which can send nothing else.
/// </summary>
internal sealed class BasicKey
{
    private const string Scheme = "Basic ";
    private const string User = "apikey:";

    private BasicKey()
    {
    }

    /// <summary>Marks an endpoint that takes a key this way.</summary>
    public static BasicKey Taken { get; } = new();

    /// <summary>The key inside the header, or the header itself where it is none of this kind.</summary>
    public static string Unwrap(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return header;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return header;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.StartsWith(User, StringComparison.Ordinal) ? text[User.Length..] : header;
    }
}
