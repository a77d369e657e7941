using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>The way back for who has forgotten the password.</summary>
internal sealed partial class UserGrain
{
    /// <summary>Short ids of a tenant's own shape may be taken; each attempt makes another.</summary>
    private const int TicketAttempts = 5;

    public async Task<Outcome<RecoveryBegun>> BeginRecovery(BeginRecovery command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
        if (command.LoginId is { } name && !LoginGates.Names(user.User, name, command.LoginIdTypes)) return Refusal.NotFound;
        var way = WayTo(user.User, tenant, command);
        if (way == TicketWay.Caller && (command.Mails || command.Texts)) return new RecoveryBegun(null);
        // While there were too many, nothing is sent; who calls with a key gets the id as always.
        if (!(way == TicketWay.Text ? command.Texts : command.Mails) || RateLimits.Exceeded(_attempts, tenant, LimitedAction.ForgotPassword, clock.Now)) way = TicketWay.Caller;
        var order = new TicketOrder(Occasion.ForgotPassword, command.LinkOrigin, command.ApplicationId, command.State?.Read<JsonElement>(), way);
        var telling = Telling(command.Actor);
        telling?.Add(EventTypes.UserPasswordResetStart, p => p.With());
        if (order.IsSent) telling?.Add(EventTypes.UserPasswordResetSend, p => p.With());
        if (command.Ticket is { } chosen) return await BeginWith(chosen, user, tenant, order, telling);
        return await Hand(user, tenant, order, telling) is { } text ? new RecoveryBegun(text) : Refusal.Conflict;
    }

    public Task<TicketHolder?> CheckTicket(PasswordTicket ticket) => Task.FromResult(
        _user is { User.Active: true } user && Fits(ticket, user)
            ? new TicketHolder(NameOf(user.User) ?? "") { NeedsTrust = Tenant is { } tenant && FactorPolicy.GuardsPassword(user, tenant) }
            : null);

    public Task<Outcome<LoginResult>> LogInOnce(LogInOnce command) => Twice(() => TryLogInOnce(command));

    private async Task<Outcome<LoginResult>?> TryLogInOnce(LogInOnce command)
    {
        if (TokenSettings.Find(configuration.Current, _tenantId, command.Wish.ApplicationId) is not { } settings) return UnknownApplication(command.Wish.ApplicationId);
        if (IsLimited(null, settings.Tenant)) return Closed(LoginStatus.Rejected);
        if (_user is not { } user) return Closed(LoginStatus.Rejected);
        if (user.PasswordGeneration != command.Generation) return await Reject(null, settings.Tenant, FailedProof.Of(command.Wish, AuthenticationTypes.OneTimePassword));
        return await Proved(user, settings, command.Wish, new Proof(AuthenticationTypes.OneTimePassword, NameOf(user.User)));
    }

    /// <summary>The answer to a right password that must be changed: an id that opens the way there.</summary>
    private async Task<LoginResult> MustChange(StoredUser user, TokenSettings settings) =>
        new(LoginStatus.ChangePassword, null, null, null, LoginGates.ChangeReason(user, settings.Tenant, clock.Now))
        {
            UserId = _userId,
            ChangePasswordId = await Hand(user, settings.Tenant, TicketOrder.ToCaller(settings.Application?.Id), telling: null),
        };

    /// <returns>The id; null where none could be found that is free.</returns>
    private async Task<string?> Hand(StoredUser user, Tenant tenant, TicketOrder order, UserTelling? telling)
    {
        for (var attempt = 0; attempt < TicketAttempts; attempt++)
        {
            var commit = new Commit();
            var text = services.Tickets.Issue(commit, user, tenant, order);
            if (order.IsSent) services.Tickets.Send(commit, user, tenant, order, text);
            if (await Store(commit, telling, _user, _logins, Counted(tenant, order)) is CommitResult.Committed) return text;
            await Load();
        }

        return null;
    }

    /// <summary>An id of the caller's own may have been asked for before, so it is issued by its grain, and the message follows.</summary>
    private async Task<Outcome<RecoveryBegun>> BeginWith(string text, StoredUser user, Tenant tenant, TicketOrder order, UserTelling? telling)
    {
        var issued = await GrainFactory.Identifier(IdentifierKinds.ChangePassword, text)
            .Issue(new IssueIdentifier(_tenantId, services.Tickets.Expiry(tenant, order.Occasion), JsonText.From(PasswordTickets.Ticket(user, order))));
        if (issued.Refusal is not null) return Refusal.Invalid(ContractError.At("changePasswordId", "duplicate", "This [changePasswordId] is in use."));
        if (!order.IsSent && telling is null) return new RecoveryBegun(text);
        var commit = new Commit();
        if (order.IsSent) services.Tickets.Send(commit, user, tenant, order, text);
        await Store(commit, telling, _user, _logins, Counted(tenant, order));
        return new RecoveryBegun(text);
    }

    /// <summary>The way to the user: to the phone for who is named by its number, else to the mailbox, and the other one where there is no such way.</summary>
    private TicketWay WayTo(User user, Tenant tenant, BeginRecovery command)
    {
        var texts = LoginName.Phone(user.PhoneNumber) is not null && services.Notices.CanText(tenant);
        if (texts && (user.Email is null || IsPhone(user, command.LoginId, command.LoginIdTypes))) return TicketWay.Text;
        return user.Email is null ? TicketWay.Caller : TicketWay.Mail;
    }

    /// <summary>The counters after one more message to who has forgotten the password.</summary>
    private UserAttempts? Counted(Tenant tenant, TicketOrder order) =>
        order is { IsSent: true, Occasion: Occasion.ForgotPassword } ? RateLimits.Count(_attempts, tenant, LimitedAction.ForgotPassword, clock.Now) : null;

    /// <summary>Good for the password and the address or number that the user had when it was handed out.</summary>
    private static bool Fits(PasswordTicket ticket, StoredUser user) => ticket.Generation == user.PasswordGeneration
        && (ticket.MailedTo is null || ticket.MailedTo == LoginName.Normalise(user.User.Email))
        && (ticket.TextedTo is null || ticket.TextedTo == LoginName.Phone(user.User.PhoneNumber));
}
