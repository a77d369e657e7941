using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.UserActions;

/// <summary>The entries that actions leave in a user's log, and what may be done to them. Pure: the time comes in.</summary>
internal static class TakenActions
{
    private const int LongestComment = 10_000;
    private const int MostApplications = 100;

    /// <summary>The entry of an action that somebody takes, or what is wrong with it.</summary>
    public static Outcome<StoredAction> Take(TakeAction command, StoredUser user, ConfigurationSnapshot snapshot, long now)
    {
        var errors = new Errors("action");
        if (snapshot.Find<UserAction>(command.UserActionId) is not { Active: true } definition)
        {
            errors.Add("userActionId", "invalid", $"There is no active user action with the Id [{command.UserActionId}].");
            return errors.Refusal;
        }

        CheckExpiry(command.Expiry, definition, now, errors);
        CheckApplications(command.ApplicationIds, user.TenantId, snapshot, errors);
        errors.NotLonger(command.Comment, "comment", LongestComment);
        var option = Option(command.Option, definition, errors);
        var reason = Reason(command.ReasonId, snapshot, errors);
        if (errors.Any) return errors.Refusal;
        var languages = Languages(user);
        return new StoredAction
        {
            Id = command.ActionId,
            ActioneeUserId = user.Id,
            ActionerUserId = command.ActionerUserId,
            ApplicationIds = [.. command.ApplicationIds.Distinct()],
            Comment = command.Comment,
            EmailUserOnEnd = command.EmailUser,
            Expiry = command.Expiry,
            InsertInstant = now,
            LocalizedName = LocalizedTexts.Choose(definition.LocalizedNames, definition.Name, languages),
            LocalizedOption = option is null ? null : LocalizedTexts.Choose(option.LocalizedNames, option.Name, languages),
            Name = definition.Name,
            NotifyUserOnEnd = command.NotifyUser,
            Option = option?.Name,
            PreventsLogin = definition.KeepsOut,
            UserActionId = definition.Id,
        }.For(reason, languages).Then(ActionPhase.Start, command.ActionerUserId, command.Comment, now);
    }

    /// <summary>The entry of a lockout: the server takes it, for no reason of the log and in all applications.</summary>
    public static StoredAction LockedOut(StoredUser user, UserAction definition, Lockout lockout, Tenant tenant, long now) => new StoredAction
    {
        Id = lockout.ActionId,
        ActioneeUserId = user.Id,
        EmailUserOnEnd = tenant.FailedAuthenticationConfiguration.EmailUser,
        Expiry = lockout.Until,
        InsertInstant = now,
        IsLockout = true,
        LocalizedName = LocalizedTexts.Choose(definition.LocalizedNames, definition.Name, Languages(user)),
        Name = definition.Name,
        PreventsLogin = true,
        UserActionId = definition.Id,
    }.Then(ActionPhase.Start, null, null, now);

    public static Outcome<StoredAction> Modify(ModifyAction command, StoredAction action, StoredUser user, ConfigurationSnapshot snapshot, long now)
    {
        var errors = new Errors("action");
        if (RefuseChange(action, now) is { } refusal) return refusal;
        CheckEnd(command.Expiry, now, errors);
        errors.NotLonger(command.Comment, "comment", LongestComment);
        var reason = Reason(command.ReasonId, snapshot, errors);
        if (errors.Any) return errors.Refusal;
        var next = action with { Expiry = command.Expiry, EmailUserOnEnd = command.EmailUser, NotifyUserOnEnd = command.NotifyUser };
        if (reason is not null) next = next.For(reason, Languages(user));
        return next.Then(ActionPhase.Modify, command.ActionerUserId, command.Comment, now);
    }

    public static Outcome<StoredAction> Cancel(CancelAction command, StoredAction action, long now)
    {
        var errors = new Errors("action");
        if (RefuseChange(action, now) is { } refusal) return refusal;
        errors.NotLonger(command.Comment, "comment", LongestComment);
        return errors.Any ? errors.Refusal : Cancelled(action, command.ActionerUserId, command.Comment, now);
    }

    public static StoredAction Cancelled(StoredAction action, Guid? actioner, string? comment, long now) =>
        (action with { Expiry = now, IsOver = true }).Then(ActionPhase.Cancel, actioner, comment, now);

    /// <summary>What keeps the user out by this entry; null where it does not.</summary>
    public static Prevention? PreventionOf(StoredAction action) => action is not { PreventsLogin: true, IsLockout: false, IsOver: false, Expiry: { } expiry }
        ? null
        : new Prevention(action.Id, action.ActionerUserId, expiry, action.ApplicationIds, action.Name)
        {
            LocalizedName = action.LocalizedName,
            LocalizedReason = action.LocalizedReason,
            Reason = action.Reason,
            ReasonCode = action.ReasonCode,
        };

    private static StoredAction For(this StoredAction action, UserActionReason? reason, ImmutableArray<string> languages) => reason is null ? action : action with
    {
        LocalizedReason = LocalizedTexts.Choose(reason.LocalizedTexts, reason.Text, languages),
        Reason = reason.Text,
        ReasonCode = reason.Code,
    };

    private static Refusal? RefuseChange(StoredAction action, long now)
    {
        if (action.Expiry is null)
            return Refusal.Invalid(ContractError.General("[notTemporal]action", "This action has no duration: it can be neither changed nor cancelled."));
        return action.IsActive(now) ? null : Refusal.Invalid(ContractError.General("[inactive]action", "This action has been cancelled or is over."));
    }

    private static void CheckExpiry(long? expiry, UserAction definition, long now, Errors errors)
    {
        if (definition.Temporal) CheckEnd(expiry, now, errors);
        else if (expiry is not null) errors.Add("expiry", "invalid", "This action has no duration, so it has no expiry.");
    }

    private static void CheckEnd(long? expiry, long now, Errors errors)
    {
        if (expiry is null) errors.Add("expiry", "blank", "This action needs an expiry.");
        else if (expiry <= now) errors.Add("expiry", "invalid", "The expiry must be in the future.");
    }

    private static void CheckApplications(ImmutableArray<Guid> ids, Guid tenantId, ConfigurationSnapshot snapshot, Errors errors)
    {
        if (ids.Length > MostApplications) errors.Add("applicationIds", "tooLong", $"An action names at most {MostApplications} applications.");
        else if (ids.Any(id => snapshot.Find<Application>(id)?.TenantId != tenantId))
            errors.Add("applicationIds", "invalid", "The [action.applicationIds] must be applications of the user's tenant.");
    }

    private static UserActionOption? Option(string? name, UserAction definition, Errors errors)
    {
        if (string.IsNullOrEmpty(name))
        {
            if (!definition.Options.IsEmpty) errors.Add("option", "blank", "This action needs one of its options.");
            return null;
        }

        var option = definition.Options.FirstOrDefault(o => o.Name == name);
        if (option is null) errors.Add("option", "invalid", "This action has no such option.");
        return option;
    }

    private static UserActionReason? Reason(Guid? id, ConfigurationSnapshot snapshot, Errors errors)
    {
        if (id is null) return null;
        var reason = snapshot.Find<UserActionReason>(id);
        if (reason is null) errors.Add("reasonId", "invalid", $"There is no reason with the Id [{id}].");
        return reason;
    }

    private static ImmutableArray<string> Languages(StoredUser user) => user.User.PreferredLanguages;
}
