using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Sample.Pages;

/// <summary>The one page: a button for who is signed out, the profile of who is signed in.</summary>
public sealed class IndexModel(OpenIdClient client, Sessions sessions, TimeProvider time) : PageModel
{
    /// <summary>Null for who is signed out.</summary>
    public Profile? Profile { get; private set; }

    public async Task OnGet()
    {
        if (sessions.Find(HttpContext) is not { } session) return;
        var tokens = await OrSignOut(session.Current(client, time));
        var user = (await OrSignOut(client.UserInfo(tokens))).ToDictionary(claim => claim.Key, claim => claim.Value.ToString());
        Profile = new Profile(
            user.GetValueOrDefault("name", tokens.Subject), user.GetValueOrDefault("email", ""), tokens.Expires, session.Refreshes,
            tokens.Claims.ToDictionary(claim => claim.Key, claim => claim.Value as string ?? JsonSerializer.Serialize(claim.Value)), user);
    }

    public async Task<IActionResult> OnPostSignIn()
    {
        var (address, pending) = await client.BeginSignIn(Here("/callback"));
        sessions.Remember(HttpContext, pending);
        return Redirect(address);
    }

    public async Task<IActionResult> OnPostRefresh()
    {
        if (sessions.Find(HttpContext) is { } session) await OrSignOut(session.Renew(client));
        return Redirect("/");
    }

    public async Task<IActionResult> OnPostSignOut()
    {
        if (sessions.Find(HttpContext) is not { } session) return Redirect("/");
        // Here first: whatever the server does or does not do, this browser is signed out of this application.
        sessions.End(HttpContext);
        await client.Revoke(session.Tokens);
        return Redirect(await client.SignOutAddress(session.Tokens.IdToken, Here("/")));
    }

    /// <summary>An address of ours. The host is what the browser says; the server sends nobody to an address that it does not know.</summary>
    private string Here(string path) => $"{Request.Scheme}://{Request.Host}{path}";

    /// <summary>Tokens that the server refuses are a session that is over.</summary>
    private async Task<T> OrSignOut<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (SignInException)
        {
            sessions.End(HttpContext);
            throw;
        }
    }
}

/// <summary>What the page shows of a signed-in user.</summary>
public sealed record Profile(
    string Name, string Email, DateTimeOffset Expires, int Refreshes, IReadOnlyDictionary<string, string> IdToken, IReadOnlyDictionary<string, string> UserInfo);
