using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Common;

namespace OrleansAuth.Pages;

/// <summary>What people see instead of a bare status. It never repeats anything of the request but its own address.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ProblemModel : PageModel
{
    private Problem Problem => HttpContext.Items[typeof(Problem)] as Problem ?? new Problem(StatusCodes.Status404NotFound, "/");

    public string Title => Problem.Status switch
    {
        StatusCodes.Status400BadRequest => "This form is out of date",
        StatusCodes.Status404NotFound => "There is no such page",
        _ => "Something went wrong",
    };

    public string Text => Problem.Status switch
    {
        StatusCodes.Status400BadRequest => "The server has been restarted since you opened the page, or you signed in or out in another window. Nothing was changed.",
        StatusCodes.Status404NotFound => "The address may be mistyped, or what it led to is gone.",
        _ => $"The server has written it into its log as request {HttpContext.TraceIdentifier}. Nothing more is known about it here.",
    };

    public string BackLabel => Problem.Status == StatusCodes.Status400BadRequest ? "Open the page again" : "Go to the start page";

    /// <summary>The page of the form, or home; never another site.</summary>
    public string BackAddress => Problem.Status == StatusCodes.Status400BadRequest && Url.IsLocalUrl(Problem.Address) ? Problem.Address.Split("?handler=")[0] : "/";

    public void OnGet() => Response.StatusCode = Problem.Status;
}
