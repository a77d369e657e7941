using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Common;

/// <summary>
/// One request to the API as the handlers see it: who calls, in which tenant, against which configuration. Made by
/// <see cref="ApiAuthentication"/> before any handler runs.
/// </summary>
internal sealed class ApiRequest(HttpContext http, ConfigurationReader configuration, ConfigurationSnapshot snapshot, Clock clock)
{
    public const string TenantHeader = "X-FusionAuth-TenantId";

    /// <summary>Why a change is made, for the audit log; longer ones than 1,000 characters are not kept.</summary>
    public const string ReasonHeader = "X-Audit-Reason";

    private EventInfo? _told;

    public HttpContext Http => http;

    /// <summary>The configuration that this request sees from beginning to end.</summary>
    public ConfigurationSnapshot Snapshot => snapshot;

    public DateTimeOffset Now => clock.UtcNow;

    /// <summary>The valid API key that was sent, or null.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>The valid access token that was sent, or null; also null where a key counts instead.</summary>
    public AccessToken? Token { get; init; }

    /// <summary>The tenant that the caller named by header or key; objects of other tenants do not exist for this request.</summary>
    public Guid? TenantScope { get; init; }

    /// <summary>The tenant that the request means: the one named, that of the token, or the only one there is.</summary>
    public Guid? TenantId => TenantScope ?? Token?.TenantId ?? OnlyTenant;

    /// <summary>Who calls. Where from is what the server sees, unless the body said otherwise, so ask after reading that.</summary>
    public Actor Actor => Actor.At(
        _told ?? http.Origin(), Key is { } key ? $"API key {key.Name ?? key.Id.ToString()}" : Token is { } token ? $"user {token.UserId}" : "anonymous", Key?.Id) with
    {
        RequestId = http.TraceIdentifier,
        Reason = http.Request.Headers[ReasonHeader].ToString() is { Length: > 0 and <= 1_000 } reason ? reason : null,
    };

    private Guid? OnlyTenant => snapshot.Count<Tenant>() == 1 ? snapshot.All<Tenant>().First().Id : null;

    /// <summary>The tenant that the request means, or the error that asks for it.</summary>
    public Outcome<Guid> RequireTenant() => TenantId is { } id ? id : Refusal.Invalid(ContractError.General(
        "[TenantIdRequired]", $"There is more than one tenant: say which one in the {TenantHeader} header, or use an API key of that tenant."));

    /// <summary>Whether this request may see an object of that tenant.</summary>
    public bool Sees(Guid? tenantId) => TenantScope is not { } scope || tenantId is null || tenantId == scope;

    /// <summary>The application of that id, if there is one that this request may see.</summary>
    public Application? FindApplication(Guid? id) => Snapshot.Find<Application>(id) is { } found && Sees(found.TenantId) ? found : null;

    /// <summary>Takes up what the body says about where the request came from (<see cref="ToldOrigin"/>).</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public Refusal? Hear(JsonObject body)
    {
        var told = ToldOrigin.Read(body, http.Origin(), trusted: Key is not null);
        _told = told.Value ?? _told;
        return told.Refusal;
    }

    /// <summary>Waits until this process sees what was just written, so that the next request does.</summary>
    public Task Saw(ConfigurationView view) => configuration.AtLeast(view.Version, http.RequestAborted);

    /// <summary>The request of a handler.</summary>
    public static ApiRequest Of(HttpContext http) => Find(http)!;

    /// <summary>Null for a request that is none to the API.</summary>
    public static ApiRequest? Find(HttpContext http) => (ApiRequest?)http.Items[typeof(ApiRequest)];

    /// <summary>Lets minimal API handlers take the request as a parameter.</summary>
    public static ValueTask<ApiRequest> BindAsync(HttpContext http) => ValueTask.FromResult(Of(http));
}

/// <summary>What a verified access token says.</summary>
/// <param name="Claims">All of its claims, as JSON.</param>
internal sealed record AccessToken(Guid UserId, Guid TenantId, Guid? ApplicationId, System.Text.Json.JsonElement Claims)
{
    /// <summary>The application that the token is for, also where the user is not registered there; null for one of the tenant itself.</summary>
    public Applications.Application? ApplicationOfAudience { get; init; }

    /// <summary>The key that the token is bound to (RFC 9449, section 6.1); without a proof of it the token is worth nothing.</summary>
    public string? Thumbprint { get; init; }
}

/// <summary>Verifies access tokens; the tokens slice implements it.</summary>
internal interface IAccessTokenVerifier
{
    /// <returns>Null for every token that is not to be trusted, whatever the reason; also for one that is bound to a key.</returns>
    AccessToken? Verify(string token, ConfigurationSnapshot snapshot);

    /// <summary>The same, also for a token that is bound to a key: the caller asks for the proof (<see cref="AccessToken.Thumbprint"/>).</summary>
    AccessToken? VerifyUnproved(string token, ConfigurationSnapshot snapshot);
}
