using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Pages.OAuth2;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Proofs;

/// <summary>
/// A login has come as far as a gate that only a verification opens. The browser is known by the login that waits, or by a
/// session that the gate stopped later; it may type the code, ask for another message, mend a mistyped address, and go on.
/// </summary>
internal abstract class VerificationRequiredModel(LoginPages pages, LoginIntents intents, WaitingUsers users) : HostedModel(pages)
{
    private const string CodeField = "code";
    private LoginIntent? _intent;
    private Guid _userId;
    private WaitingUser? _user;

    /// <summary>A code is typed here; else a link is opened elsewhere.</summary>
    public bool IsCode { get; private set; }

    /// <summary>What has been done, where something has.</summary>
    public string? Note { get; private set; }

    /// <summary>Where the tenant lets users mend a mistyped address or number; null otherwise.</summary>
    public HostedField? AddressField { get; private set; }

    /// <summary>The button beside it.</summary>
    public string ChangeButton => Hosted.Text(IsPhone ? "verify.change-phone" : "verify.change-email");

    public override string Title => Hosted.Text(Words.Wait);

    public override string? Lead => Hosted.Text(IsCode ? "verify.wait-code" : "verify.wait-link", Application.Name);

    public override string? Action => PathTo(Path);

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["other"] = new("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query), Hosted.Text("not-allowed.other")) };

    /// <summary>What is to be verified.</summary>
    protected abstract ProofKind Kind { get; }

    /// <summary>The gate that it opens.</summary>
    protected abstract LoginStatus Gate { get; }

    /// <summary>What it says.</summary>
    protected abstract ProofWords Words { get; }

    /// <summary>The page's own address.</summary>
    protected abstract string Path { get; }

    /// <summary>The name of the field, and what its button asks for.</summary>
    private string Address => IsPhone ? "phone" : "email";

    private bool IsPhone => Kind == ProofKind.PhoneNumber;

    private bool MayChange => Kind switch
    {
        ProofKind.Email => Tenant.EmailConfiguration.Unverified.AllowEmailChangeWhenGated,
        ProofKind.PhoneNumber => Tenant.PhoneConfiguration.Unverified.AllowPhoneNumberChangeWhenGated,
        _ => false,
    };

    public async Task<IActionResult> OnGetAsync() => await Elsewhere() ?? Show();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        if (!await Pages.IsOwnForm(HttpContext)) return Show();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        return form["do"].ToString() switch
        {
            "resend" => await Resend(),
            "email" or "phone" when MayChange => await ChangeAddress(form[Address].ToString().Trim()),
            _ => await GoOn(form[CodeField].ToString().Trim()),
        };
    }

    protected override void Describe(JsonObject data)
    {
        (data["note"], data["code"], data[IsPhone ? "mayChangePhone" : "mayChangeEmail"]) = (Note, IsCode, MayChange);
    }

    private async Task<IActionResult> Resend()
    {
        await users.Resend(Tenant, _userId, Kind, Application.Id, BrowserSessions.Actor(HttpContext));
        Note = Hosted.Text("verify.sent-again");
        return Show();
    }

    /// <summary>The answer is the same for an address that somebody else has: only that somebody hears of it.</summary>
    private async Task<IActionResult> ChangeAddress(string address)
    {
        if (address.Length is 0 or > 256) return Show(addressFault: "register.missing");
        if (await users.ChangeAddress(Tenant, _userId, Kind, address, Application.Id, BrowserSessions.Actor(HttpContext)) is { } fault) return Show(addressFault: fault);
        Note = Hosted.Text("verify.sent-again");
        return Show();
    }

    private async Task<IActionResult> GoOn(string code)
    {
        // Verified elsewhere meanwhile, by a link or by an operator: no code is needed any more.
        if (IsCode && _user is not { IsVerified: true })
        {
            if (code.Length is 0 or > Verifications.LongestId) return Show("verify.code-missing");
            if (await users.Complete(Tenant, _userId, Kind, Application.Id, code, BrowserSessions.Actor(HttpContext)) is { } fault) return Show(fault);
        }

        if (_intent is null)
        {
            var step = await Pages.Next(HttpContext, Visit);
            return step is AuthorizationStep.Gate shut && shut.Status == Gate ? Show("verify.not-yet") : LoginPages.Go(Visit, step);
        }

        var remember = _intent.Stored.Remember;
        var outcome = await intents.GoOn(_intent, Tenant.Id, LoginPages.Wish(HttpContext, Visit, remember));
        if (outcome.Value is not { } login) return Show(RefusalText.KeyOf(outcome.Refusal));
        if (login.Status == Gate || (login.Status == LoginStatus.Rejected && _user is null)) return Show("verify.not-yet");
        await intents.End(HttpContext, _intent, Tenant.Id);
        return await Pages.After(HttpContext, Visit, login, remember) ?? new SeeOtherResult(PathTo("/oauth2/authorize"));
    }

    /// <summary>Finds out who waits here; nobody, or somebody who waits for something else, is led to where the login is.</summary>
    private async Task<IActionResult?> Elsewhere()
    {
        _intent = await intents.Find(HttpContext, Tenant.Id) is { } found && found.Stored.ApplicationId == Application.Id ? found : null;
        if (_intent is { } intent)
        {
            _userId = intent.Stored.UserId;
        }
        else
        {
            var (step, elsewhere) = await Require<AuthorizationStep.Gate>();
            if (step is null) return elsewhere;
            if (step.Status != Gate) return LoginPages.Go(Visit, step);
            _userId = step.Session.UserId;
        }

        _user = await users.Find(Tenant.Id, _userId, Kind, Application.Id);
        IsCode = WaitingUsers.IsCode(Tenant, Application, Kind);
        return null;
    }

    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private PageResult Show(string? fault = null, string? addressFault = null)
    {
        if (IsCode) Fields = [CodeFields.Of(CodeField, Hosted, fault)];
        else Alert = fault is null ? null : Hosted.Text(fault);
        if (MayChange)
        {
            AddressField = new HostedField(Address, Hosted.Text(IsPhone ? "verify.other-phone" : "verify.other-email"))
            {
                Type = IsPhone ? "tel" : "email",
                Autocomplete = IsPhone ? "tel" : "email",
                MaxLength = 256,
                Error = addressFault is null ? null : Hosted.Text(addressFault),
                Focused = addressFault is not null,
            };
        }

        return Page();
    }
}
