using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Sample.Pages;

/// <summary>Where the server sends the browser back to. A good answer shows nothing here: its code leaves the address bar at once.</summary>
public sealed class CallbackModel(OpenIdClient client, Sessions sessions) : PageModel
{
    /// <summary>Why nobody is signed in.</summary>
    public string Reason { get; private set; } = "";

    public async Task<IActionResult> OnGet()
    {
        // Taken whatever comes of it: who guesses has one try.
        var pending = sessions.TakePending(HttpContext);
        try
        {
            sessions.Start(HttpContext, await client.FinishSignIn(Request.Query, pending));
            return Redirect("/");
        }
        catch (SignInException error)
        {
            Reason = error.Message;
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        }
    }
}
