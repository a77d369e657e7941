using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>Addresses and numbers that were mistyped.</summary>
internal sealed partial class UserGrain
{
    public async Task<Outcome<UserView>> ChangeUnverifiedEmail(ChangeUnverifiedEmail command)
    {
        if (Tenant is not { EmailConfiguration: { VerifyEmail: true, Unverified: { AllowEmailChangeWhenGated: true, Behavior: UnverifiedBehavior.Gated } } } tenant
            || _user is not { User.Active: true } user || !ProofsOwed.IsPending(user.User, UserIdentities.Email)) return Refusal.NotFound;
        if (await Counting(tenant, LimitedAction.SendEmailVerification) is { } refusal) return refusal;
        return await Change(Mended("email", command.Email, command.Actor) with { LinkOrigin = command.LinkOrigin, ApplicationId = command.ApplicationId });
    }

    public async Task<Outcome<UserView>> ChangeUnverifiedPhone(ChangeUnverifiedPhone command)
    {
        if (Tenant is not { PhoneConfiguration: { VerifyPhoneNumber: true, Unverified: { AllowPhoneNumberChangeWhenGated: true, Behavior: UnverifiedBehavior.Gated } } } tenant
            || _user is not { User.Active: true } user || !ProofsOwed.IsPending(user.User, UserIdentities.PhoneNumber)) return Refusal.NotFound;
        if (await Counting(tenant, LimitedAction.SendPhoneVerification) is { } refusal) return refusal;
        return await Change(Mended("phoneNumber", command.PhoneNumber, command.Actor) with { LinkOrigin = command.LinkOrigin, ApplicationId = command.ApplicationId });
    }

    /// <summary>Counted before it is known whether the name is free: asking for taken ones is no way around the limit.</summary>
    /// <returns>Why nothing may be sent now, or null.</returns>
    private async Task<Refusal?> Counting(Tenant tenant, LimitedAction action)
    {
        if (RateLimits.Exceeded(_attempts, tenant, action, clock.Now)) return Refusal.Busy(TimeSpan.FromMinutes(1));
        var counted = RateLimits.Count(_attempts, tenant, action, clock.Now);
        return !ReferenceEquals(counted, _attempts) && await Store(new Commit(), telling: null, _user, _logins, counted) is not CommitResult.Committed ? Lost() : null;
    }

    private static ChangeUser Mended(string member, string value, Actor actor) =>
        new(ChangeKind.MergePatch, JsonText.From(new JsonObject { [member] = value }), null, SkipVerification: false, DisableDomainBlock: false, actor);
}
