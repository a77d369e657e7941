using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>The way of a browser through the pages of a second factor.</summary>
internal sealed class FactorSteps(IGrainFactory grains)
{
    /// <summary>Where a code is typed.</summary>
    public const string Path = "/oauth2/two-factor";

    /// <summary>Where a method is chosen.</summary>
    public const string MethodsPath = "/oauth2/two-factor-methods";

    /// <summary>Where a method is set up.</summary>
    public const string EnablePath = "/oauth2/two-factor-enable";

    /// <summary>Stands for a method: a recovery code is to be typed.</summary>
    public const string Recovery = "recovery";

    /// <summary>
    /// Takes up a login that waits. Where codes of the method come by mail or message, one is sent at once: this is the answer
    /// to a form, not to a visit.
    /// </summary>
    /// <returns>The page that is next.</returns>
    public async Task<string> Begin(HttpContext http, OAuthClient client, Guid userId, TwoFactorChallenge challenge)
    {
        var method = Preferred(challenge);
        var sent = method is { Method: FactorMethods.Email or FactorMethods.Sms }
            && await Send(grains.UserFactors(client.Tenant.Id, userId), challenge.TwoFactorId, method.Id!, client.Application.Id, http);
        new ChallengeCookie(challenge.TwoFactorId, method?.Id ?? "", sent).Write(http, client.Tenant);
        return challenge.ConfigurableMethods is null ? Path : EnablePath;
    }

    /// <summary>Sends a code. False where the tenant has no way to.</summary>
    public static async Task<bool> Send(IUserFactorGrain owner, string twoFactorId, string methodId, Guid? applicationId, HttpContext http) =>
        (await owner.Send(new SendFactorCode(BrowserSessions.Actor(http)) { TwoFactorId = twoFactorId, MethodId = methodId, ApplicationId = applicationId })).Refusal is null;

    /// <summary>The method used last, or else the first.</summary>
    public static TwoFactorMethod? Preferred(TwoFactorChallenge challenge)
    {
        var methods = challenge.Methods.Read<TwoFactorMethod[]>();
        return methods.FirstOrDefault(m => m.LastUsed) ?? methods.FirstOrDefault();
    }
}
