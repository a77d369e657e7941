using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>A receiver of events: an address of somebody else, what is sent to it, and for whom.</summary>
public sealed record Webhook : ConfigurationObject
{
    /// <summary>How long a connection may take, milliseconds. Required, 1 to 30,000.</summary>
    public int? ConnectTimeout { get; init; }

    /// <summary>For people; at most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>When the server stopped sending, because the receiver said that it is gone; null while it does not. Ended by resuming.</summary>
    public long? DisabledInstant { get; init; }

    /// <summary>Why the server stopped sending.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Which types it wants; a type that is not there is not wanted.</summary>
    public ImmutableDictionary<string, bool> EventsEnabled { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>Earlier values of <see cref="Secret"/> that still sign, as JSON. Never shown; written by <see cref="WebhookSecrets"/>.</summary>
    public string? FormerSecrets { get; init; }

    /// <summary>It serves every tenant; otherwise those of <see cref="TenantIds"/>.</summary>
    public bool Global { get; init; }

    /// <summary>
    /// Shown and kept; where a value is <see cref="HiddenValue"/>, the real one is in <see cref="HeaderSecrets"/>.
    /// <see cref="HeadersToSend"/> has them all.
    /// </summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Values of headers that are secrets, as a JSON object. Never shown; moved here by the server.</summary>
    public string? HeaderSecrets { get; init; }

    /// <summary>Never shown.</summary>
    public string? HttpAuthenticationPassword { get; init; }

    /// <summary>HTTP Basic, where there is a name.</summary>
    public string? HttpAuthenticationUsername { get; init; }

    /// <summary>Somebody stopped it: nothing is sent and events wait. Changed by pausing and resuming alone.</summary>
    public bool Paused { get; init; }

    /// <summary>How long an answer may take, milliseconds. Required, 1 to 30,000.</summary>
    public int? ReadTimeout { get; init; }

    /// <summary>What signs by Standard Webhooks, such as <c>whsec_…</c>. Every webhook has one; shown by what makes it and never again.</summary>
    public string? Secret { get; init; }

    public WebhookSignatureConfiguration SignatureConfiguration { get; init; } = new();

    /// <summary>A certificate in PEM that is trusted for this receiver, beside those of the machine's authorities.</summary>
    public string? SslCertificate { get; init; }

    /// <summary>A key of this server with a certificate, which the client shows to the receiver (mutual TLS).</summary>
    public Guid? SslCertificateKeyId { get; init; }

    /// <summary>The tenants that it serves unless it is <see cref="Global"/>.</summary>
    public ImmutableArray<Guid> TenantIds { get; init; } = [];

    /// <summary>Where events go: an absolute http or https address of at most 2,048 characters.</summary>
    public string? Url { get; init; }

    /// <summary>What a secret value of <see cref="Headers"/> looks like; sent back, it means the value that is stored.</summary>
    public const string HiddenValue = "*****";

    /// <summary>Whether events are sent to it at present; otherwise they wait, and in a transaction it counts as failed.</summary>
    [JsonIgnore]
    public bool IsAtWork => !Paused && DisabledInstant is null;

    /// <summary>The headers with the values that are sent.</summary>
    public ImmutableDictionary<string, string> HeadersToSend() => HeaderSecrets is null ? Headers : Headers.SetItems(SecretHeaders());

    /// <summary>The headers whose values are secrets, by the names that <see cref="Headers"/> has them under.</summary>
    public ImmutableDictionary<string, string> SecretHeaders() => HeaderSecrets is { } text
        ? JsonSerializer.Deserialize<ImmutableDictionary<string, string>>(text, ContractJson.Options) ?? ImmutableDictionary<string, string>.Empty
        : ImmutableDictionary<string, string>.Empty;

    /// <summary>The secrets in force, as <c>whsec_…</c>, newest first: with each of them an event is signed.</summary>
    public ImmutableArray<string> SigningSecrets(DateTimeOffset now) => WebhookSecrets.InForce(this, now.ToUnixTimeMilliseconds());

    /// <summary>Whether it serves this tenant and no other, so that somebody who may act there only may have it.</summary>
    public bool IsOnlyOf(Guid tenantId) => !Global && TenantIds is [var only] && only == tenantId;

    /// <summary>Whether it is there for a tenant; null is the server itself, whose matters are those of global ones only.</summary>
    public bool Serves(Guid? tenantId) => Global || (tenantId is { } id && TenantIds.Contains(id));

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"webhook {Id}";
}

/// <summary>The signature of the contract, a JWT over the hash of the body.</summary>
public sealed record WebhookSignatureConfiguration : ContractObject
{
    public bool Enabled { get; init; }
    public Guid? SigningKeyId { get; init; }
}
