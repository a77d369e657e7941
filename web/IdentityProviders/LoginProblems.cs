using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Sessions;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// Why a login at a provider came to nothing, as the sign-in page says it. The browser carries one word of this list in the
/// address, so whoever writes an address chooses among our own sentences and no more.
/// </summary>
internal static class LoginProblems
{
    /// <summary>The parameter of the sign-in page.</summary>
    public const string Parameter = "idp_problem";

    public const string Cancelled = "cancelled";
    public const string NotLinked = "not-linked";
    public const string TryAgain = "try-again";

    private static readonly Dictionary<string, string> Keys = new()
    {
        [Cancelled] = "idp.cancelled",
        ["refused"] = "idp.refused",
        ["unreachable"] = "idp.unreachable",
        ["invalid"] = "idp.invalid",
        ["unavailable"] = "idp.unavailable",
        [NotLinked] = "idp.not-linked",
        [TryAgain] = "sign-in.try-again",
        ["busy"] = "sign-in.busy",
        ["vetoed"] = "sign-in.vetoed",
        ["locked"] = "not-allowed.locked",
        ["expired"] = "not-allowed.expired",
        ["prevented"] = "not-allowed.prevented",
        ["change-password"] = "not-allowed.change-password",
    };

    public static string Of(UpstreamFault fault) => fault switch
    {
        UpstreamFault.Unreachable => "unreachable",
        UpstreamFault.Refused => "refused",
        UpstreamFault.Unavailable => "unavailable",
        _ => "invalid",
    };

    public static string Of(FederatedStatus status) => status == FederatedStatus.NotLinked ? NotLinked : "unavailable";

    public static string Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Busy => "busy",
        RefusalKind.Vetoed => "vetoed",
        _ => TryAgain,
    };

    /// <summary>Of a gate that leads to no page of its own.</summary>
    public static string Of(LoginStatus status) => status switch
    {
        LoginStatus.Locked => "locked",
        LoginStatus.Expired => "expired",
        LoginStatus.Prevented => "prevented",
        LoginStatus.ChangePassword => "change-password",
        _ => TryAgain,
    };

    /// <summary>The key of the sentence; null where there is no problem that we know.</summary>
    public static string? Sentence(HttpContext http) => http.Request.Query[Parameter].FirstOrDefault() is { } problem ? Keys.GetValueOrDefault(problem) : null;

    /// <summary>The way back to the sign-in page.</summary>
    /// <param name="query">The authorization request, with its question mark.</param>
    public static SeeOtherResult BackToSignIn(string query, string problem) =>
        new($"/oauth2/authorize{LoginPages.Without(query, "idp_hint", Parameter)}&{Parameter}={problem}");
}
