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
        var mail = Mail(commit, raised);
        if (telling is null || !raised.Broadcast || (raised.Phase == ActionPhase.End && !TellsEnd(raised.Definition))) return;
        var decides = raised.Phase == ActionPhase.End ? TransactionType.None : raised.Definition?.TransactionType ?? TransactionType.None;
        telling.Add(EventTypes.UserAction, _ => Members(raised, mail), decides);
    }

    /// <summary>Whether receivers hear of the end of such an action.</summary>
    public static bool TellsEnd(UserAction? definition) => definition is null or { SendEndEvent: true };

    private MailMessage? Mail(Commit commit, UserActionEvent raised)
    {
        if (raised is not { EmailsUser: true, Definition: { UserEmailingEnabled: true } definition }) return null;
        return TemplateOf(definition, raised.Phase) is { } template
            ? notices.Write(commit, new Notice(Occasion.UserAction, raised.User, raised.Tenant, null) { TemplateId = template, Values = Values(raised) })
            : null;
    }

    private static JsonObject Members(UserActionEvent raised, MailMessage? mail)
    {
        var members = Values(raised);
        members["applicationIds"] = new JsonArray([.. raised.Action.ApplicationIds.Select(id => (JsonNode)id)]);
        members["emailedUser"] = mail is not null;
        if (mail is not null) members["email"] = Show(mail, raised.Tenant);
        return members;
    }

    /// <summary>The mail as the contract shows one.</summary>
    private static JsonObject Show(MailMessage mail, Tenant tenant) => Known(
        ("from", Address(mail.FromEmail ?? tenant.EmailConfiguration.DefaultFromEmail, mail.FromName ?? tenant.EmailConfiguration.DefaultFromName)),
        ("html", mail.Html),
        ("subject", mail.Subject),
        ("text", mail.Text),
        ("to", new JsonArray(Address(mail.To, mail.ToName))));

    private static JsonObject Address(string? address, string? display) => Known(("address", address), ("display", display));

    private static JsonObject Known(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var known = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null) known[name] = value;
        return known;
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
        // An action without an end lasts as long as it can be written down; that is no duration to tell anybody.
        if (action.Expiry is > 0 and < long.MaxValue && action.Expiry - action.History[^1].CreateInstant is > 0 and { } left)
            values["localizedDuration"] = NoticeValues.Duration(left / 1000, raised.User.User.PreferredLanguages.FirstOrDefault());
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
