using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Recovery;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>Signs in with the one-time password that a change of the password gave out.</summary>
internal sealed class OneTimeLogin(IGrainFactory grains)
{
    /// <summary>Uses the one-time password up and asks the gates. One that is unknown, over or spent is a wrong password.</summary>
    /// <param name="tenantId">The tenant that it must be of.</param>
    public async Task<Outcome<LoginResult>> LogIn(string oneTimePassword, Guid tenantId, LoginWish wish)
    {
        var rejected = new LoginResult(LoginStatus.Rejected, null, null, null, null);
        if (oneTimePassword.Length is 0 or > PasswordRecovery.LongestId) return rejected;
        var spent = await grains.Identifier(IdentifierKinds.OneTimePassword, oneTimePassword).Spend(new SpendIdentifier(tenantId));
        if (spent.Value is not { } found) return rejected;
        var ticket = StoredTicket.Read(found.Content);
        return await grains.UserPassword(tenantId, ticket.UserId).LogInOnce(new LogInOnce(ticket.Generation, wish));
    }
}
