using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.UserActions;

/// <summary>
/// An action that was taken on a user, as stored: the contract's entry of the log, with the names that definition and reason
/// had then. Instants are milliseconds since 1970.
/// </summary>
public sealed record StoredAction : StoredRecord
{
    /// <summary>The expiry of what has no end.</summary>
    public const long Never = long.MaxValue;

    /// <summary>More changes than these are not remembered; the first is always.</summary>
    public const int LongestHistory = 100;

    public required Guid Id { get; init; }

    public required Guid ActioneeUserId { get; init; }

    /// <summary>Null where the server took it: a lockout.</summary>
    public Guid? ActionerUserId { get; init; }

    public ImmutableArray<Guid> ApplicationIds { get; init; } = [];
    public string? Comment { get; init; }
    public bool EmailUserOnEnd { get; init; }
    public bool EndEventSent { get; init; }

    /// <summary>Null for an action without duration. Of a lockout in force, <see cref="Users.UserAttempts"/> knows a later one.</summary>
    public long? Expiry { get; init; }

    public ImmutableArray<ActionHistoryItem> History { get; init; } = [];
    public required long InsertInstant { get; init; }
    public string? LocalizedName { get; init; }
    public string? LocalizedOption { get; init; }
    public string? LocalizedReason { get; init; }
    public required string Name { get; init; }
    public bool NotifyUserOnEnd { get; init; }
    public string? Option { get; init; }
    public string? Reason { get; init; }
    public string? ReasonCode { get; init; }
    public required Guid UserActionId { get; init; }

    /// <summary>The definition prevented logins.</summary>
    public bool PreventsLogin { get; init; }

    /// <summary>Taken by the server after too many failed logins.</summary>
    public bool IsLockout { get; init; }

    /// <summary>Cancelled, or its end has been noted.</summary>
    public bool IsOver { get; init; }

    /// <summary>When the end has to be noted, <see cref="Never"/> where it does not come; null where it has been, or there is none.</summary>
    [JsonIgnore]
    public long? Due => IsOver ? null : Expiry;

    /// <summary>Whether it is in force: it has a duration and is not over.</summary>
    public bool IsActive(long now) => !IsOver && now < Expiry;

    /// <summary>With one more step of its life.</summary>
    public StoredAction Then(ActionPhase phase, Guid? actioner, string? comment, long now)
    {
        var history = History.Add(new ActionHistoryItem(phase, actioner, comment, now, Expiry));
        return this with { History = history.Length > LongestHistory ? history.RemoveAt(1) : history };
    }

    /// <summary>The entry as the API shows it.</summary>
    public JsonObject Show()
    {
        // What a newer version keeps beside it is that version's to show.
        var shown = ContractJson.ToNode(this with { Additional = null });
        foreach (var name in (string[])["history", "isLockout", "isOver", "preventsLogin"]) shown.Remove(name);
        if (ApplicationIds.IsEmpty) shown.Remove("applicationIds");
        var items = new JsonArray();
        foreach (var item in History)
        {
            var node = ContractJson.ToNode(item with { Additional = null });
            node.Remove("phase");
            items.Add(node);
        }

        shown["history"] = new JsonObject { ["historyItems"] = items };
        return shown;
    }

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public static StoredAction Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredAction>(body.Span);
}

/// <summary>One step in the life of an action.</summary>
/// <param name="Expiry">As it was after the step.</param>
public sealed record ActionHistoryItem(ActionPhase Phase, Guid? ActionerUserId, string? Comment, long CreateInstant, long? Expiry) : StoredRecord;

/// <summary>The steps in the life of an action. Stored by name: names may be added, never changed.</summary>
public enum ActionPhase { Start, Modify, Cancel, End }
