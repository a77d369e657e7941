using System.Collections.Immutable;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>What the user is told of: changes of the account, in the commit that makes them, and others who want a name of it.</summary>
internal sealed partial class UserGrain : IUserNoticeGrain
{
    /// <summary>How often a day somebody hears that others wanted a name.</summary>
    private const int MostNamesWanted = 3;

    public async Task NameWanted(TellNameWanted command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return;
        var now = clock.Now;
        var window = _attempts.Of(LimitedAction.NameWanted);
        if (now >= window.Since + (long)TimeSpan.FromDays(1).TotalMilliseconds) window = new AttemptWindow(now, now, 0);
        if (window.Count >= MostNamesWanted) return;
        var commit = new Commit();
        var notice = new Notice(command.ForNewUser ? Occasion.LoginIdInUseOnCreate : Occasion.LoginIdInUseOnUpdate, user, tenant, null);
        if (!services.Notices.Mail(commit, notice) & !services.Notices.Text(commit, notice)) return;

        // A lost race over the counter is as good as a message too few.
        await Store(commit, telling: null, _user, _logins, _attempts.With(LimitedAction.NameWanted, window with { Last = now, Count = window.Count + 1 }));
    }

    /// <summary>Tells of what the next state has that the present one has not: another password, address or number.</summary>
    private void TellOfChange(Commit commit, StoredUser? next, Tenant tenant, UserChange change)
    {
        if (_user is not { } before || next is null) return;
        var application = change.Application;
        if (next.PasswordGeneration != before.PasswordGeneration && before.Password is not null)
        {
            var notice = new Notice(change.Password, next, tenant, application) { To = before.User.Email };
            services.Notices.Mail(commit, notice);
            services.Notices.Text(commit, notice with { To = before.User.PhoneNumber });
        }

        // To the old address and the old number, since whoever took the account over has the new ones.
        if (before.User.Email is { } email && LoginName.Normalise(email) != LoginName.Normalise(next.User.Email))
            services.Notices.Mail(commit, new Notice(Occasion.EmailUpdate, next, tenant, application) { To = email, Values = new() { ["previousEmail"] = email } });
        if (before.User.PhoneNumber is { } number && LoginName.Phone(number) != LoginName.Phone(next.User.PhoneNumber))
            services.Notices.Text(commit, new Notice(Occasion.IdentityUpdate, next, tenant, application) { To = number, Values = new() { ["previousLoginId"] = number } });
    }

    /// <summary>One message for a change, however many passkeys it is about.</summary>
    private void TellOfPasskeys(Commit commit, Occasion occasion, StoredUser user, Tenant tenant, ImmutableArray<StoredPasskey> before, ImmutableArray<StoredPasskey> after)
    {
        var name = after.Concat(before).FirstOrDefault(p => before.Any(b => b.Id == p.Id) != after.Any(a => a.Id == p.Id))?.DisplayName;
        var notice = new Notice(occasion, user, tenant, null) { Values = new() { ["method"] = FactorMethods.Passkey, ["displayName"] = name } };
        services.Notices.Mail(commit, notice);
        services.Notices.Text(commit, notice);
    }

    /// <summary>Has the holder of a name told that somebody wanted it, away from the caller's way and its time; receivers hear of it too.</summary>
    private async Task TellHolder(StoredUser holder, WantedName wanted, Actor actor)
    {
        if (Tenant is not { } tenant || holder.Id == _userId) return;
        var forNewUser = _user is null;
        var (commit, mails) = (new Commit(), NameWantedQueue.IsTold(tenant, forNewUser));
        // Where the registration page does not tell who has an address, a name that is taken costs a commit, as a free one does.
        var hides = forNewUser && tenant.EmailConfiguration is { VerifyEmail: true, Unverified.Behavior: UnverifiedBehavior.Gated };
        if (mails || hides) NameWantedQueue.Queue(commit, _tenantId, holder.Id, forNewUser, clock.UtcNow);
        var raises = Hears(forNewUser ? EventTypes.UserLoginIdDuplicateCreate : EventTypes.UserLoginIdDuplicateUpdate);
        if (raises) RaiseDuplicate(commit, new UserTelling(actor), wanted, holder, await store.Read(UserKeys.Logins(holder.Id)) is { } row ? UserLogins.Read(row.Body) : UserLogins.None);
        if (mails || hides || raises) await store.Apply(commit);
    }
}
