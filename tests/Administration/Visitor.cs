using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace OrleansAuth.Administration;

/// <summary>A person with a browser that has no scripts: keeps cookies, fills in forms, follows nothing by itself.</summary>
internal sealed class Visitor(Uri server) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server };

    /// <summary>What the browser sends; tests may copy, change and remove them.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>More that the browser says with every request.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public Task<Page> Open(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends the form of a page, with its hidden fields, and these values typed in.</summary>
    public Task<Page> Submit(Page page, params (string Field, string Value)[] typed) => Submit(page, "form", typed);

    /// <param name="form">Selects one of the page's forms.</param>
    public Task<Page> Submit(Page page, string form, params (string Field, string Value)[] typed)
    {
        var element = (IHtmlFormElement)page.Document.QuerySelector(form)!;
        // As a browser does: nothing of fields without a name, disabled ones and boxes that are not ticked.
        var fields = element.QuerySelectorAll("input").OfType<IHtmlInputElement>()
            .Where(i => i is { Name: not null, IsDisabled: false } && (i.Type is not ("checkbox" or "radio") || i.IsChecked) && typed.All(t => t.Field != i.Name))
            .Select(i => KeyValuePair.Create(i.Name!, i.Value));
        return Post(element.GetAttribute("action") ?? page.Path, fields.Concat(typed.Reverse().DistinctBy(t => t.Field).Select(t => KeyValuePair.Create(t.Field, t.Value))));
    }

    public Task<Page> Post(string path, IEnumerable<KeyValuePair<string, string>> fields) =>
        Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) });

    public void Dispose() => _client.Dispose();

    private async Task<Page> Send(HttpRequestMessage request)
    {
        using var sent = request;
        sent.Headers.Add("Accept", "text/html,application/xhtml+xml");
        foreach (var (name, value) in Headers) sent.Headers.Add(name, value);
        if (Cookies.Count > 0) sent.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        using var answer = await _client.SendAsync(sent);
        var set = answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.ToList() : [];
        foreach (var line in set)
        {
            var (name, value) = line.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : (line, "");
            if (value.Length == 0) Cookies.Remove(name);
            else Cookies[name] = value;
        }

        var text = await answer.Content.ReadAsStringAsync();
        return new Page(answer.StatusCode, sent.RequestUri!.PathAndQuery, text, answer.Headers.Location?.OriginalString, set, answer.Headers);
    }
}

/// <summary>What came back.</summary>
/// <param name="Leads">Where it redirects to, or null.</param>
/// <param name="SetCookies">The lines that set cookies.</param>
internal sealed record Page(HttpStatusCode Status, string Path, string Text, string? Leads, IReadOnlyList<string> SetCookies, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Text);

    public string? Heading => Document.QuerySelector("h1")?.TextContent;

    public Page Is(int status)
    {
        Assert.True((int)Status == status, $"{Path} answered {(int)Status} and not {status}: {Heading ?? Text}");
        return this;
    }

    /// <summary>The page redirects there.</summary>
    public Page LeadsTo(string address)
    {
        Is(302);
        Assert.Equal(address, Leads);
        return this;
    }
}
