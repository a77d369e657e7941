using System.Text.Json.Nodes;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>An event that a commit of a user tells, if somebody receives it.</summary>
/// <param name="Members">What it says beside the members of all events; asked only where somebody receives it.</param>
internal sealed record UserEvent(string Type, Func<UserPayload, JsonObject> Members)
{
    /// <summary>How many receivers must agree, where not the tenant decides that.</summary>
    public TransactionType? Transaction { get; init; }
}

/// <summary>
/// What one commit of a user tells beside the difference that it makes, and on whose account. There is one only where the tenant
/// has receivers; where it is null, nobody hears anything.
/// </summary>
internal sealed class UserTelling(Actor actor)
{
    private readonly List<UserEvent> _events = [];

    /// <summary>Where it came from, as far as that is known.</summary>
    public EventInfo? Info => actor.Info;

    public IReadOnlyList<UserEvent> Events => _events;

    /// <summary>The user was updated, also where nothing is another than before.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>A new password came by the way of a reset.</summary>
    public bool IsReset { get; init; }

    /// <summary>Receivers hear of it afterwards and are not asked: the answer must not take longer where there is such a user.</summary>
    public bool AsksNobody { get; init; }

    public void Add(string type, Func<UserPayload, JsonObject> members, TransactionType? transaction = null) => _events.Add(new UserEvent(type, members) { Transaction = transaction });
}
