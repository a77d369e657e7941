using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Operations;

/// <summary>
/// What holds for the whole server: how long logs are kept, and settings of the contract that are kept and returned. There is one; until
/// somebody changes it, it is this record as it stands.
/// </summary>
public sealed record SystemConfiguration : ConfigurationObject
{
    /// <summary>The one there is.</summary>
    public static readonly Guid TheOne = WellKnown.Named("systemConfiguration");

    public AuditLogConfiguration AuditLogConfiguration { get; init; } = new();

    /// <summary>Origins that the API serves browsers of. Kept; applications have their own.</summary>
    public CorsConfiguration CorsConfiguration { get; init; } = new();

    public EventLogConfiguration EventLogConfiguration { get; init; } = new();

    public LoginRecordConfiguration LoginRecordConfiguration { get; init; } = new();

    /// <summary>The time zone of reports and, unless a request names another, of exports.</summary>
    public string ReportTimezone { get; init; } = "Etc/UTC";

    /// <summary>Kept; the server reads no forwarded addresses.</summary>
    public TrustedProxyConfiguration TrustedProxyConfiguration { get; init; } = new();

    /// <summary>Kept.</summary>
    public JsonElement? UiConfiguration { get; init; }

    /// <summary>Kept; this server reports its usage to nobody.</summary>
    public UsageDataConfiguration UsageDataConfiguration { get; init; } = new();

    public WebhookEventLogConfiguration WebhookEventLogConfiguration { get; init; } = new();
}

/// <summary>Whether entries are removed when they are so old.</summary>
public sealed record DeleteConfiguration : ContractObject
{
    public bool Enabled { get; init; }

    /// <summary>1 to 36,500.</summary>
    public int NumberOfDaysToRetain { get; init; } = 365;
}

/// <summary>The audit log stays for ever by default.</summary>
public sealed record AuditLogConfiguration : ContractObject
{
    public DeleteConfiguration Delete { get; init; } = new();
}

/// <summary>The event log is bounded by its number of entries.</summary>
public sealed record EventLogConfiguration : ContractObject
{
    /// <summary>1 to 10,000,000.</summary>
    public int NumberToRetain { get; init; } = 10_000;
}

/// <summary>Login records stay for ever by default.</summary>
public sealed record LoginRecordConfiguration : ContractObject
{
    public DeleteConfiguration Delete { get; init; } = new();
}

/// <summary>Events that webhooks received, and the attempts to deliver them.</summary>
public sealed record WebhookEventLogConfiguration : ContractObject
{
    /// <summary>Off: an event goes as soon as nothing waits for its delivery.</summary>
    public bool Enabled { get; init; } = true;

    public DeleteConfiguration Delete { get; init; } = new() { Enabled = true, NumberOfDaysToRetain = 30 };
}

/// <summary>Kept.</summary>
public sealed record CorsConfiguration : ContractObject
{
    public bool AllowCredentials { get; init; }
    public ImmutableArray<string> AllowedHeaders { get; init; } = [];
    public ImmutableArray<string> AllowedMethods { get; init; } = [];
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];
    public bool Debug { get; init; }
    public bool Enabled { get; init; }
    public ImmutableArray<string> ExposedHeaders { get; init; } = [];
    public int PreflightMaxAgeInSeconds { get; init; }
}

/// <summary>Kept.</summary>
public sealed record TrustedProxyConfiguration : ContractObject
{
    /// <summary>All or OnlyConfigured.</summary>
    public ProxyTrust TrustPolicy { get; init; }

    public ImmutableArray<string> Trusted { get; init; } = [];
}

/// <summary>Which proxies are believed. Names are the contract's.</summary>
public enum ProxyTrust { All, OnlyConfigured }

/// <summary>Kept.</summary>
public sealed record UsageDataConfiguration : ContractObject
{
    public bool Enabled { get; init; }
    public int NumberOfDaysToRetain { get; init; } = 365;
}
