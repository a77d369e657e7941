using OrleansAuth.Hosted;
using OrleansAuth.Mfa;
using OrleansAuth.Recovery;
using OrleansAuth.Themes;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.Password;

/// <summary>
/// The second factor before a new password: who has one proves it on the same page, and only then gets to the form. What was
/// proved goes along with the form as a token, which the change itself asks for.
/// </summary>
internal sealed class PasswordFactor(OpenTicket? open, IGrainFactory grains, HttpContext http)
{
    public const string CodeField = "code";
    private IReadOnlyList<TwoFactorMethod> _methods = [];

    /// <summary>What was proved; null where nothing was.</summary>
    public string? TrustToken { get; private set; }

    /// <summary>What is to be proved; null where nothing is.</summary>
    public string? TwoFactorId { get; private set; }

    /// <summary>The page asks for a code now.</summary>
    public bool Asks => open is { NeedsTrust: true } && TrustToken is null;

    private IUserFactorGrain Owner => grains.UserFactors(open!.Tenant.Id, open.Ticket.UserId);

    /// <summary>Begins to ask, where that is needed.</summary>
    public async Task Begin()
    {
        if (!Asks) return;
        var started = await Owner.Start(new StartFactor(null, BrowserSessions.Actor(http)) { Ticket = open!.Ticket.ToPresented() });
        if (started.Value is not { } begun) return;
        (TwoFactorId, _methods) = (begun.Challenge.TwoFactorId, begun.Challenge.Methods.Read<TwoFactorMethod[]>());
    }

    /// <summary>What was proved is not good any more.</summary>
    public Task Again()
    {
        TrustToken = null;
        return Begin();
    }

    /// <summary>Takes up what was posted.</summary>
    /// <returns>What went wrong, as a key of the message catalogue; null where nothing did.</returns>
    public async Task<string?> Take(IFormCollection form)
    {
        if (open is not { NeedsTrust: true }) return null;
        TrustToken = form["trustToken"].ToString() is { Length: > 0 and <= FactorChallenges.LongestId } token ? token : null;
        if (TrustToken is not null) return null;
        TwoFactorId = form["twoFactorId"].ToString() is { Length: > 0 and <= FactorChallenges.LongestId } id ? id : null;
        if (TwoFactorId is null)
        {
            await Begin();
            return null;
        }

        if (await Owner.Status(new ReadFactorStatus(null, FactorAction.ChangePassword, null)) is { } status) _methods = status.Masked.Read<TwoFactorMethod[]>();
        if (form["send"].ToString() is { Length: > 0 } method) return await Send(TwoFactorId, method);
        var code = form[CodeField].ToString().Trim();
        return code.Length is 0 or > 64 ? "two-factor.code-missing" : await Prove(TwoFactorId, code);
    }

    /// <summary>Methods that can send a code.</summary>
    public IReadOnlyList<FieldOption> Senders(HostedPage page) =>
        [.. _methods.Where(m => m.Method is FactorMethods.Email or FactorMethods.Sms).Select(m => new FieldOption(m.Id!, page.Text("two-factor.send-to", m.Email ?? m.MobilePhone ?? "")))];

    public static HostedField Field(HostedPage page, string? error) => new(CodeField, page.Text("two-factor.code"))
    {
        Autocomplete = "one-time-code",
        IsCode = true,
        MaxLength = 64,
        Focused = true,
        Error = error,
    };

    private async Task<string?> Send(string twoFactorId, string method) =>
        await FactorSteps.Send(Owner, twoFactorId, method, open!.Ticket.ApplicationId, http) ? null : "two-factor.not-sent";

    private async Task<string?> Prove(string twoFactorId, string code)
    {
        var proved = await Owner.Prove(new ProveFactor(twoFactorId, code, BrowserSessions.Actor(http)));
        if (proved.Refusal is not null)
        {
            // It took too long: another one is begun.
            await Begin();
            return "two-factor.wrong";
        }

        TrustToken = proved.Value!.TrustToken;
        return TrustToken is null ? "two-factor.wrong" : null;
    }
}
