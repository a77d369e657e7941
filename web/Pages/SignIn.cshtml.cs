using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Administration;
using OrleansAuth.Common;

namespace OrleansAuth.Pages;

/// <summary>Administrators sign in here.</summary>
internal sealed class SignInModel(AdministratorSession session) : PageModel
{
    [BindProperty, Required(ErrorMessage = "Enter your email or username."), StringLength(191)]
    public string Login { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Enter your password."), StringLength(256)]
    public string Password { get; set; } = "";

    public bool Refused { get; private set; }

    /// <summary>The field to begin with: the first that is wrong; after a refusal the password, which has to be typed again.</summary>
    public string Focus => Refused ? nameof(Password) : FieldView.FirstToMend(ModelState, nameof(Login), nameof(Password));

    public async Task<IActionResult> OnGetAsync()
    {
        ModelState.Clear();
        return await session.Current(HttpContext) is null ? Page() : LocalRedirect("/");
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid) return Page();
        if (await session.Begin(HttpContext, Login, Password)) return LocalRedirect("/");
        Refused = true;
        return Page();
    }
}
