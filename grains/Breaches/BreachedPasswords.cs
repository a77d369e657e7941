using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Breaches;

/// <summary>
/// Holds passwords against known breaches. What is known here are passwords, not who used them where, so the matches are
/// <see cref="BreachedPasswordStatus.CommonPassword"/> and <see cref="BreachedPasswordStatus.PasswordOnly"/>.
/// </summary>
internal sealed partial class BreachedPasswords(BreachCorpus corpus, ILogger<BreachedPasswords> log)
{
    /// <summary>What is found by the tenant's rules; none where it holds passwords against nothing.</summary>
    public async Task<BreachedPasswordStatus> Look(string password, PasswordBreachDetection rules)
    {
        if (!rules.Enabled) return BreachedPasswordStatus.None;
        if (CommonPasswords.Contains(password)) return BreachedPasswordStatus.CommonPassword;
        try
        {
            return await corpus.Count(password) >= Enough(rules.MatchMode) ? BreachedPasswordStatus.PasswordOnly : BreachedPasswordStatus.None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nobody is shut out because a disk is.
            LogUnreadable(error);
            return BreachedPasswordStatus.None;
        }
    }

    /// <summary>Why the password is refused, or null.</summary>
    public async Task<Refusal?> Refuse(string password, PasswordBreachDetection rules) => await Look(password, rules) switch
    {
        BreachedPasswordStatus.CommonPassword => Breached("breachedCommonPassword", "This password is among the first that anybody would guess. Choose another one."),
        BreachedPasswordStatus.PasswordOnly => Breached("breachedPasswordOnly", "This password is known from a breach elsewhere. Choose another one."),
        _ => null,
    };

    /// <summary>From how many appearances in breaches on a password counts as breached.</summary>
    private static long Enough(BreachMatchMode mode) => mode switch
    {
        BreachMatchMode.High => 1,
        BreachMatchMode.Medium => 10,
        _ => 100,
    };

    private static Refusal Breached(string rule, string message) => Refusal.Invalid(ContractError.At("user.password", rule, message));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder of breached passwords cannot be read; passwords are not held against it until it can.")]
    private partial void LogUnreadable(Exception error);
}
