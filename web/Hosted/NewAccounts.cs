using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Forms;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Hosted;

/// <summary>
/// Accounts that people make themselves. Where an address has to be verified before anybody gets in, nobody learns here that
/// it belongs to somebody: the answer is that of a new account, and only the holder hears of it (ASVS 6.3.8).
/// </summary>
internal sealed class NewAccounts(IGrainFactory grains, LoginLookup lookup, PublicAddress address)
{
    private static readonly string[] LoginMembers = ["email", "username", "phoneNumber"];

    /// <summary>Makes the account and signs in with it. The result is as of a login with the new password.</summary>
    /// <param name="proved">Addresses and numbers that were verified before, each once.</param>
    public async Task<Outcome<LoginResult>> Make(Tenant tenant, JsonObject user, JsonObject registration, LoginWish wish, params ImmutableArray<FormProof> proved)
    {
        var userId = Guid.CreateVersion7();
        var loginId = LoginMembers.Select(member => (string?)user[member]).First(login => login is not null)!;
        var login = new Login(loginId, [.. LoginMembers], (string?)user["password"] ?? "", wish);
        var command = new CreateUser(JsonText.From(user), JsonText.From(registration), SendSetPasswordEmail: false, SkipVerification: false, wish.Actor)
        {
            LinkOrigin = address.OriginOf(tenant),
            VerificationIds = [.. proved.Select(p => p.Id)],
        };
        var created = await grains.User(tenant.Id, userId).Create(command);
        if (created.Refusal is not { } refusal) return await grains.User(tenant.Id, userId).Login(login);
        // Whoever has proved that the address is theirs may know that it has an account.
        var isProved = LoginName.Normalise((string?)user["email"]) is { } email && proved.Any(p => p.Value == email);
        if (isProved || !Hides(tenant) || refusal.Errors.IsDefaultOrEmpty || !WaitingUsers.IsTaken(refusal.Errors)) return refusal;
        return await AsIfNew(tenant, (string)user["email"]!, login);
    }

    private static bool Hides(Tenant tenant) => tenant.EmailConfiguration is { VerifyEmail: true, Unverified.Behavior: UnverifiedBehavior.Gated };

    /// <summary>The holder hears of it from the grain that refused; the work of hashing a new password and of checking it is done for nobody.</summary>
    private async Task<Outcome<LoginResult>> AsIfNew(Tenant tenant, string email, Login login)
    {
        var nobody = lookup.StandIn(email, mayBePhone: false);
        await grains.User(tenant.Id, nobody).Login(login);
        await grains.User(tenant.Id, nobody).Login(login);
        return new LoginResult(LoginStatus.EmailUnverified, null, null, null, null) { UserId = nobody, AuthenticationType = AuthenticationTypes.Password };
    }
}
