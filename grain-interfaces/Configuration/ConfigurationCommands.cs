using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>Who asks, for the audit log.</summary>
/// <param name="Name">Such as <c>API key 1b2c…</c> or a user's login.</param>
/// <param name="IpAddress">Where the request came from, if it came from outside.</param>
/// <param name="ApiKeyId">The API key that asks, if one does; whatever it makes may not have more rights than it has itself.</param>
[GenerateSerializer, Immutable, Alias("actor.v1")]
public sealed record Actor(string Name, string? IpAddress = null, Guid? ApiKeyId = null)
{
    /// <summary>The server itself: first start, kickstart, expiry.</summary>
    public static readonly Actor System = new("system");

    /// <summary>What events tell about where this came from, <see cref="IpAddress"/> included; null where nothing is known.</summary>
    [Id(0)] public Events.EventInfo? Info { get; init; }

    /// <summary>The request that asks, as this server names it in its own log; null where there was none.</summary>
    [Id(1)] public string? RequestId { get; init; }

    /// <summary>Why, in the caller's words; null where nothing was said.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>Somebody at the place that is described.</summary>
    public static Actor At(Events.EventInfo? place, string name, Guid? apiKeyId = null) => new(name, place?.IpAddress, apiKeyId) { Info = place };

    /// <summary>The same actor, whose address somebody told who is trusted to.</summary>
    public Actor From(string ipAddress) => this with { IpAddress = ipAddress, Info = (Info ?? new()) with { IpAddress = ipAddress } };
}

/// <param name="Object">The object as the caller sent it, without the wrapping name.</param>
/// <param name="TenantId">The tenant that the request resolved to; null where the family belongs to none.</param>
/// <param name="SourceId">An object to copy: its members stand where <paramref name="Object"/> has none.</param>
[GenerateSerializer, Immutable, Alias("configuration.create.v1")]
public sealed record CreateConfiguration(JsonText Object, Guid? TenantId, Guid? SourceId, Actor Actor);

/// <summary>How a change is expressed.</summary>
public enum ChangeKind
{
    /// <summary>PUT: what is not sent gets its default.</summary>
    Replace,

    /// <summary>PATCH with <c>application/json</c>: null removes, arrays are appended.</summary>
    LegacyMerge,

    /// <summary>RFC 7396.</summary>
    MergePatch,

    /// <summary>RFC 6902.</summary>
    JsonPatch,

    /// <summary>Makes a deactivated object active again and changes nothing else.</summary>
    Reactivate,
}

/// <param name="Change">The object or the patch, in the form that <paramref name="Kind"/> says. A JSON Patch addresses the wrapped object (<c>/tenant/name</c>).</param>
/// <param name="TenantId">The tenant that the caller may act in; null for all.</param>
[GenerateSerializer, Immutable, Alias("configuration.change.v1")]
public sealed record ChangeConfiguration(ChangeKind Kind, JsonText Change, Guid? TenantId, Actor Actor);

/// <summary>What happens to an item.</summary>
public enum ItemAction
{
    Add,
    Change,
    Remove,
}

/// <param name="List">The member that holds the items, such as <c>roles</c>.</param>
/// <param name="Action">What happens to the item.</param>
/// <param name="ItemId">The item's id; null to remove by <paramref name="ItemName"/>.</param>
/// <param name="Kind">For a change: how it is expressed.</param>
/// <param name="Item">The item or the patch; empty for a removal. A JSON Patch addresses the wrapped item (<c>/role/name</c>).</param>
/// <param name="TenantId">The tenant that the caller may act in; null for all.</param>
[GenerateSerializer, Immutable, Alias("configuration.change-item.v1")]
public sealed record ChangeConfigurationItem(string List, ItemAction Action, Guid? ItemId, string? ItemName, ChangeKind Kind, JsonText? Item, Guid? TenantId, Actor Actor);

/// <param name="Action">What the family does to the object, as the participle that the audit log repeats, such as <c>paused</c>.</param>
/// <param name="Argument">What the action needs; null for nothing.</param>
/// <param name="TenantId">The tenant that the caller may act in; null for all.</param>
[GenerateSerializer, Immutable, Alias("configuration.act.v1")]
public sealed record ActOnConfiguration(string Action, JsonText? Argument, Guid? TenantId, Actor Actor);

/// <param name="Hard">True removes for good; false deactivates where the family knows that, and removes where it does not.</param>
/// <param name="TenantId">The tenant that the caller may act in; null for all.</param>
[GenerateSerializer, Immutable, Alias("configuration.remove.v1")]
public sealed record RemoveConfiguration(bool Hard, Guid? TenantId, Actor Actor);

/// <param name="Object">The object as it is now stored, secrets in the clear; empty object after a removal.</param>
/// <param name="Version">The configuration version that a snapshot must reach to have seen this.</param>
[GenerateSerializer, Immutable, Alias("configuration.view.v1")]
public sealed record ConfigurationView(JsonText Object, long Version);
