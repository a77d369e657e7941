using System.Net;
using System.Text.RegularExpressions;

namespace OrleansAuth.Chaos;

/// <summary>A person with a browser who signs in on the hosted page, once while the session lasts, and is sent back with codes.</summary>
internal sealed partial class Browser(Wire wire, World world, Person person)
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    // The SHA-256 of the verifier in Base64: the example of RFC 7636.
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>A new code of the client, or null where something was in the way.</summary>
    public async Task<string?> NewCode()
    {
        var address = $"/oauth2/authorize?client_id={world.Application}&redirect_uri={Uri.EscapeDataString(World.Redirect)}&response_type=code&scope=openid"
            + $"&state=s&code_challenge={Challenge}&code_challenge_method=S256";
        var page = await Send(new Request(HttpMethod.Get, address));
        if (Code(page) is { } code) return code;
        if (page.Status != 200 || Form().Match(page.Text) is not { Success: true } form) return null;
        var fields = Field().Matches(form.Value).Where(field => Name().IsMatch(field.Value)).ToDictionary(
            field => Name().Match(field.Value).Groups[1].Value, field => WebUtility.HtmlDecode(Value().Match(field.Value).Groups[1].Value));
        (fields["loginId"], fields["password"], fields["rememberMe"]) = (person.Email, World.Password, "true");
        var action = WebUtility.HtmlDecode(Action().Match(form.Value).Groups[1].Value);
        return Code(await Send(new Request(HttpMethod.Post, action.Length > 0 ? action : address) { Form = fields }));
    }

    private async Task<Answer> Send(Request request)
    {
        var answer = await wire.Send(request with { WithKey = false, Cookies = _cookies.Count == 0 ? null : string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")) });
        if (answer.Headers is null || !answer.Headers.TryGetValues("Set-Cookie", out var set)) return answer;
        foreach (var line in set)
            if (line.Split(';')[0].Split('=', 2) is [var name, var value]) _cookies[name] = value;
        return answer;
    }

    private static string? Code(Answer answer) =>
        answer.Headers?.Location is { } leads && CodeIn().Match(leads.OriginalString) is { Success: true } found ? Uri.UnescapeDataString(found.Groups[1].Value) : null;

    [GeneratedRegex("<form[^>]*id=\"sign-in-form\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Field();

    [GeneratedRegex(" name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex(" value=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("[?&]code=([^&]*)")]
    private static partial Regex CodeIn();
}
