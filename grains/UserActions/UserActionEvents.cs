using System.Text.Json.Nodes;
using OrleansAuth.Events;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.UserActions;

/// <summary>A step in the life of an action.</summary>
/// <param name="Definition">As it is now; null where it has been removed.</param>
internal sealed record UserActionEvent(ActionPhase Phase, StoredAction Action, UserAction? Definition, StoredUser User, Tenant Tenant)
{
    /// <summary>Whoever makes the step wants the user to get a mail of it.</summary>
    public bool EmailsUser { get; init; }

    /// <summary>The user's application is to show it.</summary>
    public bool NotifiesUser { get; init; }

    /// <summary>Receivers of events are to be told.</summary>
    public bool Broadcast { get; init; }
}

/// <summary>
/// What follows from every step in the life of an action, in the commit that makes the step: the one place where the contract's
/// event <c>user.action</c> begins.
/// </summary>
internal sealed class UserActionEvents(Notices notices)
{
    /// <summary>
    /// Tells the user by mail, where definition and caller want that, and receivers, where the caller broadcasts it. How many of those
    /// must agree is for the definition to say; nobody can prevent an end.
    /// </summary>
    public void Raise(Commit commit, UserTelling? telling, UserActionEvent raised)
    {
        var mailed = Mail(commit, raised);
        if (telling is null || !raised.Broadcast || (raised.Phase == ActionPhase.End && !TellsEnd(raised.Definition))) return;
        var decides = raised.Phase == ActionPhase.End ? TransactionType.None : raised.Definition?.TransactionType ?? TransactionType.None;
        telling.Add(EventTypes.UserAction, _ => Members(raised, mailed), decides);
    }

    /// <summary>Whether receivers hear of the end of such an action.</summary>
    public static bool TellsEnd(UserAction? definition) => definition is null or { SendEndEvent: true };

    private bool Mail(Commit commit, UserActionEvent raised)
    {
        if (raised is not { EmailsUser: true, Definition: { UserEmailingEnabled: true } definition }) return false;
        return TemplateOf(definition, raised.Phase) is { } template
            && notices.Mail(commit, new Notice(Occasion.UserAction, raised.User, raised.Tenant, null) { TemplateId = template, Values = Values(raised) });
    }

    private static JsonObject Members(UserActionEvent raised, bool mailed)
    {
        var members = Values(raised);
        members["applicationIds"] = new JsonArray([.. raised.Action.ApplicationIds.Select(id => (JsonNode)id)]);
        members["emailedUser"] = mailed;
        return members;
    }

    /// <summary>The members of the contract's event, which are the variables of its mail.</summary>
    private static JsonObject Values(UserActionEvent raised)
    {
        var action = raised.Action;
        var values = new JsonObject
        {
            ["action"] = action.Name,
            ["actionId"] = action.Id,
            ["actioneeUserId"] = action.ActioneeUserId,
            ["emailedUser"] = raised.EmailsUser,
            ["localizedAction"] = action.LocalizedName,
            ["notifyUser"] = raised.NotifiesUser,
            ["phase"] = raised.Phase.ToString().ToLowerInvariant(),
        };
        if (action.ActionerUserId is { } actioner) values["actionerUserId"] = actioner;
        if (action.Expiry is { } expiry) values["expiry"] = expiry;
        (string Name, string? Value)[] texts =
        [
            ("comment", action.History[^1].Comment), ("localizedOption", action.LocalizedOption),
            ("localizedReason", action.LocalizedReason), ("option", action.Option), ("reason", action.Reason), ("reasonCode", action.ReasonCode),
        ];
        foreach (var (name, value) in texts)
            if (value is not null) values[name] = value;
        return values;
    }

    private static Guid? TemplateOf(UserAction definition, ActionPhase phase) => phase switch
    {
        ActionPhase.Start => definition.StartEmailTemplateId,
        ActionPhase.Modify => definition.ModifyEmailTemplateId,
        ActionPhase.Cancel => definition.CancelEmailTemplateId,
        _ => definition.EndEmailTemplateId,
    };
}
