using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>
/// An object of a configuration family: few of them, read by every request, seldom written. Every process holds all of
/// them in memory; writes go through <see cref="IConfigurationGrain"/>.
/// </summary>
public abstract record ConfigurationObject : ContractObject
{
    /// <summary>Chosen by the caller or the server at creation; never changes.</summary>
    public Guid Id { get; init; }

    /// <summary>The caller's own, kept and returned unchanged. A JSON object.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Milliseconds since 1970, set at creation.</summary>
    public long InsertInstant { get; init; }

    /// <summary>Milliseconds since 1970, set by every write.</summary>
    public long LastUpdateInstant { get; init; }
}

/// <summary>An object that lives in one tenant and leaves with it.</summary>
public interface IInTenant
{
    Guid? TenantId { get; }
}

/// <summary>An object with a name that lists show and searches match.</summary>
public interface INamed
{
    string? Name { get; }
}
