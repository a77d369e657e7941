using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>
/// Where an event came from, as far as it is known: the contract's <c>info</c>. A request says it itself (<c>eventInfo</c>) or
/// leaves it to the server to say what it sees.
/// </summary>
[GenerateSerializer, Immutable, Alias("event-info.v1")]
public sealed record EventInfo
{
    /// <summary>The address of the request's sender.</summary>
    [Id(0)] public string? IpAddress { get; init; }

    /// <summary>What the browser or client calls itself; at most 512 characters are kept.</summary>
    [Id(1)] public string? UserAgent { get; init; }

    /// <summary>The operating system, such as <c>Android</c>.</summary>
    [Id(2)] public string? Os { get; init; }

    [Id(3)] public string? DeviceName { get; init; }

    /// <summary>Such as <c>BROWSER</c> or <c>MOBILE</c>.</summary>
    [Id(4)] public string? DeviceType { get; init; }

    [Id(5)] public string? DeviceDescription { get; init; }

    /// <summary>The contract's <c>Location</c>, only where the caller sent one.</summary>
    [Id(6)] public JsonText? Location { get; init; }

    /// <summary>The caller's own.</summary>
    [Id(7)] public JsonText? Data { get; init; }
}
