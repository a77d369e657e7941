using OrleansAuth.Common;
using static OrleansAuth.Storage.ColumnType;

namespace OrleansAuth.Storage;

/// <summary>
/// The tables beside the state rows. Columns are described where their name does not say it; every <c>…_instant</c>,
/// <c>expiry</c>, <c>expires_at</c> and <c>due</c> is milliseconds since 1970 (UTC).
/// </summary>
public static class Tables
{
    /// <summary>
    /// What searches of users read. <c>email</c> and <c>login</c> are stored in lower case; names keep their case and have
    /// a lower-case companion that matching and sorting use. <c>data_text</c> is the searchable text of <c>data</c>, in lower case.
    /// </summary>
    public static readonly Table UserSearch = new("user_search", ["id"],
    [
        new("id", Uuid), new("tenant_id", Uuid), new("active", Bool), new("email", Text),
        new("username", Text), new("username_lower", Text, LowerOf: "username"), new("unique_username", Text), new("phone", Text),
        new("first_name", Text), new("first_name_lower", Text, LowerOf: "first_name"),
        new("last_name", Text), new("last_name_lower", Text, LowerOf: "last_name"),
        new("full_name", Text), new("full_name_lower", Text, LowerOf: "full_name"),
        new("mobile_phone", Text), new("birth_date", Text), new("login", Text), new("verified", Bool), new("data_text", Text),
        new("insert_instant", Long), new("last_update_instant", Long), new("last_login_instant", Long), new("expiry", Long),
    ]);

    /// <summary>
    /// Which user is registered for which application; <c>id</c> is the registration's own. <c>roles</c> is a JSON array;
    /// <c>verified</c> is null in rows that an earlier version wrote.
    /// </summary>
    public static readonly Table UserRegistration = new("user_registration", ["user_id", "application_id"],
    [
        new("user_id", Uuid), new("application_id", Uuid), new("tenant_id", Uuid), new("id", Uuid), new("roles", Text),
        new("insert_instant", Long), new("last_login_instant", Long), new("verified", Bool),
    ]);

    /// <summary>Members of groups; one user is in a group at most once. <c>data</c> is JSON.</summary>
    public static readonly Table GroupMember = new("group_member", ["id"],
    [
        new("id", Uuid), new("group_id", Uuid), new("user_id", Uuid), new("tenant_id", Uuid), new("data", Text), new("insert_instant", Long),
    ]);

    /// <summary>Sessions and refresh tokens for listing and revoking. Holds no secret: a token is found by its hash, as a claim.</summary>
    public static readonly Table RefreshToken = new("refresh_token", ["id"],
    [
        new("id", Uuid), new("user_id", Uuid), new("application_id", Uuid), new("tenant_id", Uuid), new("session_kind", Text),
        new("insert_instant", Long), new("start_instant", Long), new("expires_at", Long),
    ]);

    /// <summary>Successful logins, for reports.</summary>
    public static readonly Table LoginRecord = new("login_record", ["id"],
    [
        new("id", Uuid), new("tenant_id", Uuid), new("user_id", Uuid), new("application_id", Uuid), new("login_id", Text),
        new("ip_address", Text), new("instant", Long),
    ]);

    /// <summary>
    /// Logins that failed, as far as they are written down (<see cref="Sessions.LoginFailures"/>). <c>user_id</c> is null where nobody has
    /// the name, which is not kept: people type passwords there. <c>left_out</c> counts failures before this one that have no row.
    /// </summary>
    public static readonly Table LoginFailure = new("login_failure", ["id"],
    [
        new("id", Uuid), new("tenant_id", Uuid), new("user_id", Uuid), new("application_id", Uuid), new("ip_address", Text), new("left_out", Long), new("instant", Long),
    ]);

    /// <summary>
    /// Who changed what. The caller gives <c>id</c> (a version 7 UUID, so a repeated commit writes one row); the API's
    /// number of an entry is <c>seq</c>, which the database assigns. <c>old_value</c>, <c>new_value</c> and <c>data</c> are JSON.
    /// </summary>
    public static readonly Table AuditLog = new("audit_log", ["id"],
    [
        new("id", Uuid), new("seq", Long, Assigned: true), new("insert_user", Text), new("message", Text), new("reason", Text),
        new("old_value", Text), new("new_value", Text), new("data", Text), new("tenant_id", Uuid), new("instant", Long),
    ]);

    /// <summary>What the server reports about itself; numbered like <see cref="AuditLog"/>. <c>type</c> is Debug, Error or Information.</summary>
    public static readonly Table EventLog = new("event_log", ["id"],
    [
        new("id", Uuid), new("seq", Long, Assigned: true), new("type", Text), new("message", Text), new("instant", Long),
    ]);

    /// <summary>Notes of operators about a user.</summary>
    public static readonly Table UserComment = new("user_comment", ["id"],
    [
        new("id", Uuid), new("user_id", Uuid), new("commenter_id", Uuid), new("tenant_id", Uuid), new("comment", Text), new("insert_instant", Long),
    ]);

    /// <summary>
    /// What searches of entities and the look-up of a client read. <c>client_id</c> is normalised; <c>stamp</c> is new with every write;
    /// <c>data_text</c> is the searchable text of <c>data</c>, in lower case.
    /// </summary>
    public static readonly Table Entity = new("entity", ["id"],
    [
        new("id", Uuid), new("tenant_id", Uuid), new("type_id", Uuid), new("parent_id", Uuid), new("client_id", Text),
        new("name", Text), new("name_lower", Text, LowerOf: "name"), new("data_text", Text), new("stamp", Uuid),
        new("insert_instant", Long), new("last_update_instant", Long),
    ]);

    /// <summary>Who was granted something on which entity; <c>id</c> is the grant's own, <c>data</c> is JSON.</summary>
    public static readonly Table EntityGrant = new("entity_grant", ["entity_id", "to_user", "recipient_id"],
    [
        new("entity_id", Uuid), new("to_user", Bool), new("recipient_id", Uuid), new("tenant_id", Uuid), new("id", Uuid), new("data", Text),
        new("insert_instant", Long), new("last_update_instant", Long),
    ]);

    /// <summary>The permissions of each grant.</summary>
    public static readonly Table EntityGrantPermission = new("entity_grant_permission", ["entity_id", "to_user", "recipient_id", "permission_id"],
    [
        new("entity_id", Uuid), new("to_user", Bool), new("recipient_id", Uuid), new("permission_id", Uuid), new("tenant_id", Uuid),
    ]);

    /// <summary>
    /// What is to be sent after a commit: webhook events and mails. A queue keeps the order of <c>seq</c> within each
    /// <c>subject</c>. <c>due</c> is 0 until a delivery has been put off, and <c>not_before</c> says when the first may begin, null for at once. <c>attempts</c> counts deliveries that failed, <c>fault</c> says why the last one did; a row with a
    /// <c>parked_instant</c> has been given up and holds up nothing. <c>event_id</c> names the row of <see cref="WebhookEvent"/> that
    /// is to be delivered, null where the body is. Written by <see cref="Outbox.OutboxCommit"/>.
    /// </summary>
    public static readonly Table Outbox = new("outbox", ["id"],
    [
        new("id", Uuid), new("seq", Long, Assigned: true), new("queue", Text), new("subject", Text), new("tenant_id", Uuid), new("due", Long),
        new("attempts", Long), new("body", Bytes), new("insert_instant", Long), new("fault", Text), new("parked_instant", Long), new("event_id", Uuid),
        new("not_before", Long),
    ]);

    /// <summary>
    /// Events that somebody receives, numbered by <c>seq</c>; the order of their ids is that of their instants (<see cref="OrderedId"/>). <c>body</c> is what is sent, as JSON or, for events with secrets, sealed;
    /// <c>result</c> is that of the transaction (Running, Succeeded, Failed), which what belongs to no transaction has passed.
    /// </summary>
    public static readonly Table WebhookEvent = new("webhook_event", ["id"],
    [
        new("id", Uuid), new("seq", Long, Assigned: true), new("tenant_id", Uuid), new("type", Text), new("subject", Text), new("linked_object_id", Uuid),
        new("transaction_type", Text), new("result", Text), new("body", Text), new("insert_instant", Long), new("last_update_instant", Long),
    ]);

    /// <summary>
    /// Each attempt to deliver an event; the order of their ids is that of their ends. <c>result</c> is Success, Failure or Unknown; <c>answer</c> the beginning of what the receiver
    /// answered, <c>exception</c> why there was no answer.
    /// </summary>
    public static readonly Table WebhookAttempt = new("webhook_attempt", ["id"],
    [
        new("id", Uuid), new("event_id", Uuid), new("webhook_id", Uuid), new("tenant_id", Uuid), new("result", Text), new("url", Text),
        new("status", Long), new("exception", Text), new("answer", Text), new("start_instant", Long), new("end_instant", Long),
    ]);

    /// <summary>
    /// Identifiers that were handed out, by kind and hash, so that a sweep finds those that are no longer needed; what they
    /// stand for is in their state rows.
    /// </summary>
    public static readonly Table Identifier = new("identifier", ["id"], [new("id", Text), new("tenant_id", Uuid), new("expires_at", Long)]);

    /// <summary>
    /// Actions that were taken on users. <c>body</c> is the entry as JSON; <c>due</c> says when its end has to be noted, null where
    /// there is none or it has been.
    /// </summary>
    public static readonly Table UserActionLog = new("user_action_log", ["id"],
    [
        new("id", Uuid), new("tenant_id", Uuid), new("user_id", Uuid), new("prevents_login", Bool), new("body", Bytes), new("due", Long),
        new("insert_instant", Long),
    ]);

    /// <summary>Reminders of the one-process engine. <c>first_tick</c> and <c>next_due</c> are instants, <c>period</c> milliseconds.</summary>
    public static readonly Table Reminder = new("reminder", ["grain_type", "grain_key", "name"],
    [
        new("grain_type", Text), new("grain_key", Text), new("name", Text), new("first_tick", Long), new("period", Long), new("next_due", Long),
    ]);

    /// <summary>Every table of this list.</summary>
    public static IReadOnlyList<Table> All { get; } =
    [
        UserSearch, UserRegistration, GroupMember, RefreshToken, LoginRecord, AuditLog, EventLog, UserComment, Outbox, Identifier, Reminder,
        Entity, EntityGrant, EntityGrantPermission, UserActionLog, WebhookEvent, WebhookAttempt, LoginFailure,
    ];
}
