using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Administration;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mfa;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Pages;

/// <summary>Administrators sign in here, with their second factor where they have one or the policy demands one.</summary>
internal sealed class SignInModel(AdministratorSession session, ConfigurationReader configuration) : PageModel
{
    [BindProperty, Required(ErrorMessage = "Enter your email or username."), StringLength(191)]
    public string Login { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Enter your password."), StringLength(256)]
    public string Password { get; set; } = "";

    public bool Refused { get; private set; }

    /// <summary>The sign-in that waits for its second factor; null where none does.</summary>
    public string? TwoFactorId { get; private set; }

    /// <summary>The administrator has no second factor and must set one up.</summary>
    public bool SetsUp { get; private set; }

    /// <summary>Of the authenticator to be, in Base32.</summary>
    public string Secret { get; private set; } = "";

    public string Qr { get; private set; } = "";

    /// <summary>Methods that can send a code.</summary>
    public IReadOnlyList<TwoFactorMethod> Senders { get; private set; } = [];

    /// <summary>Shown once, after a set-up.</summary>
    public ImmutableArray<string> RecoveryCodes { get; private set; } = [];

    /// <summary>Goes on after a set-up.</summary>
    public string? SetUpCode { get; private set; }

    /// <summary>The field to begin with: the first that is wrong; after a refusal the password, which has to be typed again.</summary>
    public string Focus => Refused ? nameof(Password) : FieldView.FirstToMend(ModelState, nameof(Login), nameof(Password));

    public async Task<IActionResult> OnGetAsync()
    {
        ModelState.Clear();
        return await session.Current(HttpContext) is null ? Page() : LocalRedirect("/");
    }

    public async Task<IActionResult> OnPostAsync() =>
        ModelState.IsValid ? await Show(await session.Begin(HttpContext, Login, Password), refused: true) : Page();

    public async Task<IActionResult> OnPostCodeAsync(string? twoFactorId, string? code, string? send)
    {
        ModelState.Clear();
        if (await session.Waiting(twoFactorId) is not { } open) return LocalRedirect("/sign-in");
        if (!string.IsNullOrEmpty(send))
        {
            await FactorSteps.Send(open.Owner, open.Id, send, WellKnown.AdministrationApplication, HttpContext);
            return await Show(new AdministratorSignIn(false, open.Id), refused: false);
        }

        return await Show(await session.Prove(HttpContext, open, code ?? ""), refused: true);
    }

    public async Task<IActionResult> OnPostSetUpAsync(string? twoFactorId, string? code, string? secret)
    {
        ModelState.Clear();
        if (await session.Waiting(twoFactorId) is not { Stored.SetsUp: true } open) return LocalRedirect("/sign-in");
        Secret = secret ?? "";
        var actor = HttpContext.ActorNamed(open.Stored.LoginId ?? "");
        var added = await open.Owner.Add(new AddFactor(FactorMethods.Authenticator, code ?? "", actor) { Secret = [.. Base32.Decode(Secret) ?? []], TwoFactorId = open.Id });
        if (added.Value is not { WasWrong: false } done) return await Show(new AdministratorSignIn(false, open.Id), refused: true);
        (TwoFactorId, RecoveryCodes, SetUpCode) = (open.Id, done.RecoveryCodes, done.Code);
        return Page();
    }

    /// <param name="refused">What was typed was wrong, if the sign-in came no further.</param>
    private async Task<IActionResult> Show(AdministratorSignIn result, bool refused)
    {
        if (result.IsIn) return LocalRedirect("/");
        var posted = Request.Form["twoFactorId"].Count > 0;
        if (result.TwoFactorId is null || await session.Waiting(result.TwoFactorId) is not { } open)
        {
            Refused = refused;
            return Page();
        }

        // The form of the password leads on; only that of the code can be wrong here.
        (TwoFactorId, Refused) = (open.Id, refused && posted);
        var status = await open.Owner.Status(new ReadFactorStatus(WellKnown.AdministrationApplication, FactorAction.StepUp, null));
        var methods = status?.Masked.Read<TwoFactorMethod[]>() ?? [];
        Senders = [.. methods.Where(m => m.Method is FactorMethods.Email or FactorMethods.Sms)];
        SetsUp = open.Stored.SetsUp && methods.Length == 0;
        if (SetsUp) Draw(open);
        return Page();
    }

    private void Draw(OpenChallenge open)
    {
        var tenant = configuration.Current.Find<Tenant>(open.TenantId)!;
        var settings = tenant.MultiFactorConfiguration.Authenticator;
        if (Base32.Decode(Secret) is not { Length: >= 16 and <= 128 }) Secret = Base32.Encode(RandomNumberGenerator.GetBytes(AuthenticatorSecret.LengthFor(settings.Algorithm)));
        Qr = QrCode.Svg(QrCode.Address(tenant.Name, open.Stored.LoginId ?? "", Secret, settings), "Picture for your authenticator app. The text below says the same.");
    }
}
