using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.UserActions;

/// <summary>
/// One user as somebody on whom actions are taken: the same grain as <see cref="Users.IUserGrain"/>, so an action that keeps
/// the user out is in force before the next login is looked at. Each method answers with the entry of the log as the API
/// shows it.
/// </summary>
[Alias("user-actions")]
public interface IUserActionsGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes an action. One that prevents logins ends the user's sessions, where the tenant's policy says so, in the same
    /// commit. Refuses what the definition does not allow with the contract's errors.
    /// </summary>
    [Alias("take")]
    Task<Outcome<ActionView>> Take(TakeAction command);

    /// <summary>Gives an action in force another expiry. Refuses one that is over or has no duration.</summary>
    [Alias("modify")]
    Task<Outcome<ActionView>> Modify(ModifyAction command);

    /// <summary>Ends an action before its time, a lockout among them. Refuses one that is over or has no duration.</summary>
    [Alias("cancel")]
    Task<Outcome<ActionView>> Cancel(CancelAction command);

    /// <summary>
    /// Notes that the time of an action has come: once, however often it is called. Until then nothing happens, and the
    /// answer is the entry as it is.
    /// </summary>
    [Alias("end")]
    Task<Outcome<ActionView>> End(Guid actionId);
}

/// <summary>How the grain is found.</summary>
public static class UserActionsGrainKeys
{
    /// <summary>The user, with the key that <see cref="Users.UserGrainKeys"/> writes.</summary>
    public static IUserActionsGrain UserActions(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserActionsGrain>(Users.UserGrainKeys.Key(tenantId, userId));
}

/// <param name="ActionId">Of the entry in the log; chosen by the caller.</param>
/// <param name="UserActionId">The definition.</param>
/// <param name="ActionerUserId">Who takes it.</param>
[GenerateSerializer, Immutable, Alias("user-actions.take.v1")]
public sealed record TakeAction(Guid ActionId, Guid UserActionId, Guid ActionerUserId, Actor Actor)
{
    /// <summary>Only in these applications; empty for all of the tenant.</summary>
    [Id(0)] public ImmutableArray<Guid> ApplicationIds { get; init; } = [];

    [Id(1)] public string? Comment { get; init; }
    [Id(2)] public bool EmailUser { get; init; }

    /// <summary>Milliseconds since 1970, or the largest number for ever. Only and always for an action with a duration.</summary>
    [Id(3)] public long? Expiry { get; init; }

    [Id(4)] public bool NotifyUser { get; init; }
    [Id(5)] public string? Option { get; init; }
    [Id(6)] public Guid? ReasonId { get; init; }

    /// <summary>Receivers of events are told.</summary>
    [Id(7)] public bool Broadcast { get; init; }
}

/// <param name="Expiry">The new end, as in <see cref="TakeAction.Expiry"/>.</param>
[GenerateSerializer, Immutable, Alias("user-actions.modify.v1")]
public sealed record ModifyAction(Guid ActionId, Guid ActionerUserId, long? Expiry, Actor Actor)
{
    [Id(0)] public string? Comment { get; init; }
    [Id(1)] public bool EmailUser { get; init; }
    [Id(2)] public bool NotifyUser { get; init; }

    /// <summary>Null leaves the reason as it is.</summary>
    [Id(3)] public Guid? ReasonId { get; init; }

    [Id(4)] public bool Broadcast { get; init; }
}

/// <param name="ActionerUserId">Who cancels it.</param>
[GenerateSerializer, Immutable, Alias("user-actions.cancel.v1")]
public sealed record CancelAction(Guid ActionId, Guid ActionerUserId, Actor Actor)
{
    [Id(0)] public string? Comment { get; init; }
    [Id(1)] public bool EmailUser { get; init; }
    [Id(2)] public bool NotifyUser { get; init; }
    [Id(3)] public bool Broadcast { get; init; }
}

/// <summary>An entry of the log as the API shows it.</summary>
[GenerateSerializer, Immutable, Alias("user-actions.view.v1")]
public sealed record ActionView(JsonText Action);
