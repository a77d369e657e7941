using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>Addresses that were mistyped.</summary>
internal sealed partial class UserGrain
{
    public async Task<Outcome<UserView>> ChangeUnverifiedEmail(ChangeUnverifiedEmail command)
    {
        if (Tenant is not { EmailConfiguration: { VerifyEmail: true, Unverified: { AllowEmailChangeWhenGated: true, Behavior: UnverifiedBehavior.Gated } } } tenant
            || _user is not { User.Active: true } user || !ProofsOwed.IsPending(user.User, UserIdentities.Email)) return Refusal.NotFound;
        if (RateLimits.Exceeded(_attempts, tenant, LimitedAction.SendEmailVerification, clock.Now)) return Refusal.Busy(TimeSpan.FromMinutes(1));
        // Counted before it is known whether the address is free: asking for taken ones is no way around the limit.
        var counted = RateLimits.Count(_attempts, tenant, LimitedAction.SendEmailVerification, clock.Now);
        if (!ReferenceEquals(counted, _attempts) && await Store(new Commit(), telling: null, _user, _logins, counted) is not CommitResult.Committed) return Lost();
        var patch = JsonText.From(new JsonObject { ["email"] = command.Email });
        return await Change(new ChangeUser(ChangeKind.MergePatch, patch, null, SkipVerification: false, DisableDomainBlock: false, command.Actor) { LinkOrigin = command.LinkOrigin, ApplicationId = command.ApplicationId });
    }
}
