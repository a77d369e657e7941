using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.Setup;

namespace OrleansAuth.Pages;

/// <summary>Creates the first administrator, for whoever can read the log. Gone once there is one.</summary>
internal sealed class SetupModel(IGrainFactory grains, SetupToken token, AdministratorSession session) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty, Required(ErrorMessage = "Enter your first name."), StringLength(191)]
    public string FirstName { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Enter your last name."), StringLength(191)]
    public string LastName { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Enter your email address."), EmailAddress(ErrorMessage = "This does not look like an email address."), StringLength(191)]
    public string Email { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Choose a password."), StringLength(256)]
    public string Password { get; set; } = "";

    /// <summary>The field to begin with: the first that is wrong.</summary>
    public string Focus => FieldView.FirstToMend(ModelState, nameof(FirstName), nameof(LastName), nameof(Email), nameof(Password));

    public bool TokenMatches => token.Matches(Token);

    public async Task<IActionResult> OnGetAsync() => (await grains.Setup().Read()).HasAdministrator ? NotFound() : Show(firstVisit: true);

    public async Task<IActionResult> OnPostAsync()
    {
        if ((await grains.Setup().Read()).HasAdministrator) return NotFound();
        if (!TokenMatches || !ModelState.IsValid) return Show(firstVisit: false);
        var user = new JsonObject { ["email"] = Email, ["firstName"] = FirstName, ["lastName"] = LastName, ["password"] = Password };
        var outcome = await grains.Setup().CreateAdministrator(new CreateAdministrator(JsonText.From(user), HttpContext.ActorNamed("setup")));
        if (outcome.Refusal is { } refusal)
        {
            foreach (var error in refusal.Errors)
                ModelState.AddModelError(error.Field switch { "user.email" => nameof(Email), "user.password" => nameof(Password), _ => "" }, error.Message);
            return Show(firstVisit: false);
        }

        await session.Begin(HttpContext, Email, Password);
        return LocalRedirect("/");
    }

    private PageResult Show(bool firstVisit)
    {
        if (firstVisit) ModelState.Clear();
        if (!TokenMatches) Response.StatusCode = StatusCodes.Status403Forbidden;
        return Page();
    }
}
