using System.Security.Cryptography;

namespace OrleansAuth.Common;

/// <summary>
/// What one page may load and where its forms may lead, beyond what every page may: the content security policy of the
/// answer. A form counts with all addresses that it is redirected to, so a page on the way back to a client names the client.
/// </summary>
internal sealed class ContentPolicy
{
    private readonly SortedSet<string> _forms = new(StringComparer.Ordinal) { "'self'" };
    private readonly SortedSet<string> _images = new(StringComparer.Ordinal) { "'self'", "data:" };
    private readonly SortedSet<string> _frames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _scripts = new(StringComparer.Ordinal);
    private string? _nonce;

    /// <summary>The policy of this answer, to be widened by whoever makes the page.</summary>
    public static ContentPolicy Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(ContentPolicy), out var known)) return (ContentPolicy)known!;
        var policy = new ContentPolicy();
        http.Items[typeof(ContentPolicy)] = policy;
        return policy;
    }

    /// <summary>Forms may lead to the origin of this address; an address of an application on the device by its scheme.</summary>
    public ContentPolicy AllowForm(string address) => Add(_forms, address);

    /// <summary>Images may come from the origin of this address.</summary>
    public ContentPolicy AllowImage(string address) => Add(_images, address);

    /// <summary>Frames may show pages from the origin of this address.</summary>
    public ContentPolicy AllowFrame(string address) => Add(_frames, address);

    /// <summary>This one script may run.</summary>
    /// <param name="sha256">Base64 of the hash of its text.</param>
    public ContentPolicy AllowScript(string sha256)
    {
        _scripts.Add($"'sha256-{sha256}'");
        return this;
    }

    /// <summary>A script file of ours may run on this page, and ask this server.</summary>
    /// <returns>The nonce that the page's script element has to show; good for this answer alone.</returns>
    public string AllowOwnScript()
    {
        _nonce ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        return _nonce;
    }

    public override string ToString() =>
        $"default-src 'none'; style-src 'self'; img-src {string.Join(' ', _images)}; form-action {string.Join(' ', _forms)}; "
        + (_frames.Count > 0 ? $"frame-src {string.Join(' ', _frames)}; " : "") + (Scripts.Any() ? $"script-src {string.Join(' ', Scripts)}; " : "")
        + (_nonce is not null ? "connect-src 'self'; " : "")
        + "frame-ancestors 'none'; base-uri 'none'";

    private IEnumerable<string> Scripts => _nonce is null ? _scripts : _scripts.Append($"'nonce-{_nonce}'");

    private ContentPolicy Add(SortedSet<string> sources, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)) return this;
        // An IDN host goes by its ASCII form; every other character of an origin is harmless in a header.
        if (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) sources.Add($"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}");
        else sources.Add($"{url.Scheme}:");
        return this;
    }
}
