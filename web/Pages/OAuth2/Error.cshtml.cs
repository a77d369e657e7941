using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.OAuth;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Why a request cannot go on, where no client can be told. It repeats nothing of the request.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public OAuthError Error => HttpContext.Items[typeof(OAuthError)] as OAuthError ?? OAuthError.InvalidRequest("There is nothing to see here.", "invalid_request");

    public void OnGet() => Response.StatusCode = StatusCodes.Status400BadRequest;
}
