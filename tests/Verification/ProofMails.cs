using System.Text.RegularExpressions;
using OrleansAuth.Mail;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>Settings of tenants that verify, and what their mails say.</summary>
internal static partial class ProofMails
{
    /// <summary>A link verifies; nobody waits for that.</summary>
    public static readonly object Links = new { emailConfiguration = new { verifyEmail = true } };

    /// <summary>A link verifies, and before that nobody gets in.</summary>
    public static readonly object Gates = new { emailConfiguration = new { verifyEmail = true, unverified = new { behavior = "Gated" } } };

    /// <summary>A code verifies, and before that nobody gets in.</summary>
    public static readonly object Codes = new
    {
        emailConfiguration = new { verifyEmail = true, verificationStrategy = "FormField", unverified = new { behavior = "Gated", allowEmailChangeWhenGated = true } },
    };

    /// <summary>The code that stands alone on a line.</summary>
    public static string Code(CaughtMail mail) => Alone().Match(mail.Text).Groups[1].Value is { Length: > 0 } code ? code : throw new InvalidOperationException($"No code in: {mail.Text}");

    /// <summary>The id in the link of the newest mail to the user of the world.</summary>
    public static async Task<string> Id(this RecoveryWorld world, string? to = null) => RecoveryWorld.Read((await world.Mails(to))[0]).Id;

    public static async Task<bool> IsVerified(this RecoveryWorld world) => (bool)(await world.Server.Get($"/api/user/{world.User}")).Is(200).Body["user"]!["verified"]!;

    [GeneratedRegex(@"^([A-Z0-9]{6})\s*$", RegexOptions.Multiline)]
    private static partial Regex Alone();
}
