using Microsoft.Extensions.Primitives;

namespace OrleansAuth.OAuth;

/// <summary>
/// The parameters of one protocol request. Each may be there once (RFC 6749, section 3.1); empty ones count as absent;
/// unknown ones are ignored.
/// </summary>
internal sealed class OAuthParameters
{
    /// <summary>Of a form, in bytes.</summary>
    private const long LargestForm = 128 * 1024;

    /// <summary>Of one value, in characters. Tokens are the longest values there are.</summary>
    private const int LongestValue = 32 * 1024;

    /// <summary>The only parameter that may come more than once (RFC 8707, section 2).</summary>
    private const string Repeatable = "resource";

    private readonly Dictionary<string, StringValues> _values;

    private OAuthParameters(Dictionary<string, StringValues> values) => _values = values;

    /// <summary>The value, or null where there is none.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var value) ? value[0] : null;

    /// <summary>The values of a parameter that may come more than once.</summary>
    public StringValues All(string name) => _values.GetValueOrDefault(name);

    public IEnumerable<KeyValuePair<string, StringValues>> Pairs => _values;

    public static OAuthParameters Of(IEnumerable<KeyValuePair<string, StringValues>> pairs, out OAuthError? error)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        error = null;
        foreach (var (name, sent) in pairs)
        {
            var given = sent.Where(v => !string.IsNullOrEmpty(v)).ToArray();
            if (given.Length == 0) continue;
            if (given.Length > 1 && name != Repeatable) error ??= OAuthError.InvalidRequest("A parameter is given more than once.", "duplicate_parameter");
            if (given.Any(v => v!.Length > LongestValue || v.Contains('\0', StringComparison.Ordinal))) error ??= OAuthError.InvalidRequest("A parameter is too long or is no text.", "invalid_parameter");
            values[name] = new StringValues(given);
        }

        return new OAuthParameters(values);
    }

    /// <summary>Reads a form post; anything else is refused, as is a form that is too large.</summary>
    public static async Task<OAuthOutcome<OAuthParameters>> ReadForm(HttpContext http)
    {
        if (!IsForm(http.Request)) return OAuthError.InvalidRequest("The request must be an application/x-www-form-urlencoded form.", "invalid_content_type");
        if (http.Request.ContentLength > LargestForm) return TooLarge;
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = LargestForm;
        try
        {
            var parameters = Of(await http.Request.ReadFormAsync(http.RequestAborted), out var error);
            return error is null ? parameters : error;
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return TooLarge;
        }
    }

    private static bool IsForm(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static OAuthError TooLarge { get; } = OAuthError.InvalidRequest($"The form could not be read. It may have at most {LargestForm / 1024} KiB.", "invalid_form");
}
