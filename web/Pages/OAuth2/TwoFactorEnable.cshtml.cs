using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.Mfa;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// A login that demands a second factor, of somebody who has none: a method is set up, and its recovery codes are shown this
/// once. The secret goes back and forth with the form until a code proves that it was taken over.
/// </summary>
internal sealed class TwoFactorEnableModel(LoginPages pages, FactorChallenges challenges, IGrainFactory grains) : FactorModel(pages, challenges, grains)
{
    private const string TargetField = "target";
    private string? _target;

    /// <summary>Shown once, after the set-up; empty before.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    /// <summary>Proves the second factor of this login, after the set-up.</summary>
    public string? Code { get; private set; }

    /// <summary>Of the authenticator to be, in Base32.</summary>
    public string Secret { get; private set; } = "";

    public string SpelledSecret => string.Join(' ', Secret.Chunk(4).Select(part => new string(part)));

    /// <summary>The secret as a picture; null where another method is set up.</summary>
    public string? Qr { get; private set; }

    public bool Sends => Wanted is FactorMethods.Email or FactorMethods.Sms;

    public bool WasSent => Choice.Sent;

    /// <summary>The other methods that may be set up.</summary>
    public IReadOnlyList<FieldOption> Others { get; private set; } = [];

    public override string Template => RecoveryCodes.Count > 0 ? "oauth2TwoFactorEnableComplete" : "oauth2TwoFactorEnable";

    public override string Title => Hosted.Text(RecoveryCodes.Count > 0 ? "two-factor.codes-title" : "two-factor.enable-title");

    public override string? Lead => Hosted.Text(RecoveryCodes.Count > 0 ? "two-factor.codes-lead" : Wanted switch
    {
        FactorMethods.Email => "two-factor.enable-lead.email",
        FactorMethods.Sms => "two-factor.enable-lead.sms",
        _ => "two-factor.enable-lead.authenticator",
    });

    public override string? Action => PathTo(RecoveryCodes.Count > 0 ? FactorSteps.Path : FactorSteps.EnablePath);

    private IReadOnlyList<string> Offered => FactorMethods.Offered(Tenant.MultiFactorConfiguration);

    /// <summary>The method that is set up; one of those that the tenant offers.</summary>
    private string Wanted => Offered.Contains(Choice.Choice) ? Choice.Choice : Offered.Count > 0 ? Offered[0] : FactorMethods.Authenticator;

    public async Task<IActionResult> OnGetAsync() => await Require(setsUp: true) ?? Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Require(setsUp: true) is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        if (form["method"].ToString() is { Length: > 0 } method && Offered.Contains(method))
        {
            Choose(method, sent: false);
            return new SeeOtherResult(Action!);
        }

        (Secret, _target) = (form["secret"].ToString(), form[TargetField].ToString().Trim());
        if (form["send"] == "true" && Sends) return await Send();
        var code = form[CodeField].ToString().Trim();
        if (code.Length is 0 or > 64) return Show("two-factor.code-missing");
        var added = await Open.Owner.Add(new AddFactor(Wanted, code, BrowserSessions.Actor(HttpContext))
        {
            Secret = Sends ? [] : [.. Base32.Decode(Secret) ?? []],
            Target = _target,
            TwoFactorId = Open.Id,
            ApplicationId = Application.Id,
        });
        if (added.Refusal is { } refusal) return refusal.Kind == Common.RefusalKind.NotFound ? StartOver() : ShowAlert(FaultOf(refusal));
        if (added.Value!.WasWrong) return Show("two-factor.wrong");
        (RecoveryCodes, Code) = (added.Value.RecoveryCodes, added.Value.Code);
        return Page();
    }

    protected override void Describe(JsonObject data)
    {
        (data["method"], data["sends"], data["sent"], data["secret"], data["spelledSecret"], data["code"]) = (Wanted, Sends, WasSent, Secret, SpelledSecret, Code);
        data["methods"] = new JsonArray([.. Offered.Select(m => (JsonNode)m)]);
        data["recoveryCodes"] = new JsonArray([.. RecoveryCodes.Select(c => (JsonNode)c)]);
        if (Qr is { } picture) data["qr"] = "data:image/svg+xml;base64," + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(picture.Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", StringComparison.Ordinal)));
    }

    private async Task<IActionResult> Send()
    {
        var sent = await Open.Owner.Send(new SendFactorCode(BrowserSessions.Actor(HttpContext)) { TwoFactorId = Open.Id, Method = Wanted, Target = _target, ApplicationId = Application.Id });
        if (sent.Refusal is { } refusal) return refusal.Kind == Common.RefusalKind.NotFound ? StartOver() : ShowAlert(FaultOf(refusal));
        Choose(Wanted, sent: true);
        return Show(null);
    }

    private PageResult ShowAlert(string text)
    {
        Show(null);
        Alert = text;
        return Page();
    }

    /// <param name="fault">What is wrong with the code, as a key of the message catalogue; null where nothing is.</param>
    private PageResult Show(string? fault)
    {
        Others = [.. Offered.Where(m => m != Wanted).Select(m => new FieldOption(m, Hosted.Text(m switch
        {
            FactorMethods.Email => "two-factor.choose.email",
            FactorMethods.Sms => "two-factor.choose.sms",
            _ => "two-factor.choose.authenticator",
        })))];
        var code = new HostedField(CodeField, Hosted.Text("two-factor.code"))
        {
            Autocomplete = "one-time-code",
            InputMode = "numeric",
            IsCode = true,
            MaxLength = 64,
            Error = fault is null ? null : Hosted.Text(fault),
        };
        if (Sends)
        {
            var target = new HostedField(TargetField, Hosted.Text(Wanted == FactorMethods.Email ? "field.user.email" : "field.user.mobilePhone"))
            {
                Type = Wanted == FactorMethods.Email ? "email" : "tel",
                Autocomplete = Wanted == FactorMethods.Email ? "email" : "tel",
                Value = _target ?? "",
            };
            Fields = HostedField.Focus(WasSent ? [target, code] : [target]);
            return Page();
        }

        var settings = Tenant.MultiFactorConfiguration.Authenticator;
        if (Base32.Decode(Secret) is not { Length: >= 16 and <= 128 }) Secret = Base32.Encode(RandomNumberGenerator.GetBytes(AuthenticatorSecret.LengthFor(settings.Algorithm)));
        Qr = QrCode.Svg(QrCode.Address(Tenant.Name, Open.Stored.LoginId ?? "", Secret, settings), Hosted.Text("two-factor.qr"));
        Fields = HostedField.Focus([code]);
        return Page();
    }
}
