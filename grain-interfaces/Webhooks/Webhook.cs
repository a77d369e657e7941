using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>A receiver of events: an address of somebody else, what is sent to it, and for whom.</summary>
public sealed record Webhook : ConfigurationObject
{
    /// <summary>How long a connection may take, milliseconds. Required, 1 to 30,000.</summary>
    public int? ConnectTimeout { get; init; }

    public string? Description { get; init; }

    /// <summary>Which types it wants; a type that is not there is not wanted.</summary>
    public ImmutableDictionary<string, bool> EventsEnabled { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>It serves every tenant; otherwise those of <see cref="TenantIds"/>.</summary>
    public bool Global { get; init; }

    /// <summary>Sent with every event.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Never shown.</summary>
    public string? HttpAuthenticationPassword { get; init; }

    /// <summary>HTTP Basic, where there is a name.</summary>
    public string? HttpAuthenticationUsername { get; init; }

    /// <summary>How long an answer may take, milliseconds. Required, 1 to 30,000.</summary>
    public int? ReadTimeout { get; init; }

    public WebhookSignatureConfiguration SignatureConfiguration { get; init; } = new();

    /// <summary>A certificate in PEM that is trusted for this receiver, beside those of the machine's authorities.</summary>
    public string? SslCertificate { get; init; }

    /// <summary>A key of this server with a certificate, which the client shows to the receiver (mutual TLS).</summary>
    public Guid? SslCertificateKeyId { get; init; }

    /// <summary>The tenants that it serves unless it is <see cref="Global"/>.</summary>
    public ImmutableArray<Guid> TenantIds { get; init; } = [];

    /// <summary>Where events go: an absolute http or https address of at most 2,048 characters.</summary>
    public string? Url { get; init; }

    /// <summary>Whether it is there for a tenant; null is the server itself.</summary>
    public bool Serves(Guid? tenantId) => Global || tenantId is null || TenantIds.Contains(tenantId.Value);

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"webhook {Id}";
}

/// <summary>The signature of the contract, a JWT over the hash of the body.</summary>
public sealed record WebhookSignatureConfiguration : ContractObject
{
    public bool Enabled { get; init; }
    public Guid? SigningKeyId { get; init; }
}
