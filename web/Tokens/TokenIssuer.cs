using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

/// <summary>What an access token is to say, beside what configuration and clock know.</summary>
/// <param name="ApplicationId">The application that it is for, also where the user is not registered there.</param>
/// <param name="AuthenticationType">One of <see cref="AuthenticationTypes"/>.</param>
internal sealed record AccessTokenRequest(TokenSubject Subject, Guid? ApplicationId, string AuthenticationType)
{
    /// <summary>Granted scopes, separated by spaces; null for a token that no OAuth 2.0 client asked for.</summary>
    public string? Scope { get; init; }

    /// <summary>How the client got it, for the header's <c>gty</c>; null for the login API.</summary>
    public string? GrantType { get; init; }

    /// <summary>Resources that the token is also for (RFC 8707).</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>The key that the token is bound to (RFC 9449, section 6): <c>cnf.jkt</c>.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The session that it comes from: claim <c>sid</c>.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>When the user signed in, milliseconds since 1970; null for now.</summary>
    public long? SignedIn { get; init; }

    /// <summary>A shorter life than the settings give, in seconds; a longer one is not given.</summary>
    public long? Lifetime { get; init; }

    /// <summary>The end of the life that the new token takes over, seconds since 1970.</summary>
    public long? Expires { get; init; }
}

/// <param name="ExpiresAt">Milliseconds since 1970.</param>
internal sealed record IssuedToken(string Token, long ExpiresAt);

/// <summary>
/// Makes access tokens: JSON Web Tokens (RFC 7519) signed with the key of the application or else the tenant, from the
/// snapshot. Stateless; safe for any number of threads.
/// </summary>
internal sealed class TokenIssuer(Clock clock, PublicAddress address)
{
    /// <summary>
    /// The key that signs for the tenant and application, or a refusal that tells the operator what is wrong with it. Ask
    /// before changing anything that only a token makes worth while.
    /// </summary>
    public Outcome<SigningKey> KeyFor(ConfigurationSnapshot snapshot, Guid tenantId, Guid? applicationId) =>
        TokenSettings.Find(snapshot, tenantId, applicationId) is { } settings ? KeyFor(snapshot, settings) : UnknownApplication(applicationId);

    /// <summary>Makes an access token. Refused where the application is not active or no key can sign.</summary>
    public Outcome<IssuedToken> Issue(ConfigurationSnapshot snapshot, AccessTokenRequest request)
    {
        if (TokenSettings.Find(snapshot, request.Subject.TenantId, request.ApplicationId) is not { } settings) return UnknownApplication(request.ApplicationId);
        var key = KeyFor(snapshot, settings);
        if (key.Value is not { } signing) return key.Refusal!;
        var issued = clock.Now;
        var now = issued / 1000;
        var expires = request.Expires ?? now + Math.Min(request.Lifetime ?? long.MaxValue, settings.Jwt.TimeToLiveInSeconds);
        var payload = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(payload)) WriteClaims(json, settings, request, issued, expires);
        TokenMetrics.CountIssued("access");
        return new IssuedToken(Jws.Sign(signing.Header(request.GrantType), payload.WrittenSpan, signing.Material), expires * 1000);
    }

    /// <summary>
    /// What the API returns with a user that was just created: <c>token</c> and <c>tokenExpirationInstant</c>. With a
    /// registration the token is for its application.
    /// </summary>
    public Outcome<IssuedToken> IssueForCreated(ConfigurationSnapshot snapshot, UserCreated created, Guid? applicationId) => Issue(
        snapshot,
        new AccessTokenRequest(created.Subject, applicationId, created.Registration is null ? AuthenticationTypes.UserCreate : AuthenticationTypes.Registration)
        {
            SessionId = created.Session?.SessionId,
        });

    private Outcome<SigningKey> KeyFor(ConfigurationSnapshot snapshot, TokenSettings settings)
    {
        if (snapshot.Find<Key>(settings.AccessTokenKeyId) is not { } key)
            return NoKey($"Tenant [{settings.Tenant.Name}] has no access token signing key. Choose one in its jwtConfiguration.accessTokenKeyId.");
        if (SigningKeys.Of(key) is not { Material.CanSign: true } signing)
            return NoKey($"The access token signing key [{key.Name}] cannot sign. Choose another in jwtConfiguration.accessTokenKeyId.");
        return signing.IsExpired(clock.Now)
            ? NoKey($"The access token signing key [{key.Name}] has expired. Choose another in jwtConfiguration.accessTokenKeyId.")
            : signing;
    }

    /// <summary>The claims of the contract, sorted as a reader looks for them. Roles only for those who are registered.</summary>
    /// <param name="issued">Milliseconds since 1970.</param>
    /// <param name="expires">Seconds since 1970.</param>
    private void WriteClaims(Utf8JsonWriter json, TokenSettings settings, AccessTokenRequest request, long issued, long expires)
    {
        var (subject, application, now) = (request.Subject, settings.Application, issued / 1000);
        json.WriteStartObject();
        WriteAudience(json, settings, request.Resources);
        json.WriteNumber("exp", expires);
        json.WriteNumber("iat", now);
        json.WriteString("iss", address.Issuer(settings.Tenant));
        json.WriteString("sub", subject.UserId);
        json.WriteString("jti", TokenIds.New(subject, issued));
        json.WriteString("authenticationType", request.AuthenticationType);

        // Where the application is strict about scopes, who a person is stands in the ID token and the userinfo answer.
        if (application is null or { OauthConfiguration.ScopeHandlingPolicy: OAuthScopeHandlingPolicy.Compatibility })
        {
            if (subject.Email is { } email)
            {
                json.WriteString("email", email);
                json.WriteBoolean("email_verified", subject.EmailVerified);
            }

            if (subject.Username is { } username) json.WriteString("preferred_username", username);
        }

        if (application is not null && subject.Registered)
        {
            json.WriteString("applicationId", application.Id);
            json.WriteStartArray("roles");
            foreach (var role in subject.Roles) json.WriteStringValue(role);
            json.WriteEndArray();
        }

        if (request.SessionId is { } session) json.WriteString("sid", session);
        json.WriteNumber("auth_time", request.SignedIn / 1000 ?? now);
        json.WriteString("tid", subject.TenantId);
        if (request.Scope is { } scope) json.WriteString("scope", scope);
        if (request.Thumbprint is { } thumbprint)
        {
            json.WriteStartObject("cnf");
            json.WriteString("jkt", thumbprint);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteAudience(Utf8JsonWriter json, TokenSettings settings, ImmutableArray<string> resources)
    {
        var client = Audience(settings.Tenant, settings.Application);
        if (resources.IsEmpty)
        {
            json.WriteString("aud", client);
            return;
        }

        json.WriteStartArray("aud");
        json.WriteStringValue(client);
        foreach (var resource in resources) json.WriteStringValue(resource);
        json.WriteEndArray();
    }

    /// <summary>Whom a token is for: the application's client id; without an application, the tenant itself.</summary>
    public static string Audience(Tenant tenant, Application? application) =>
        application?.ClientId ?? tenant.Id.ToString();

    private static Refusal NoKey(string message) => Refusal.Invalid(ContractError.General("[InvalidSigningKey]", message));

    private static Refusal UnknownApplication(Guid? id) =>
        Refusal.Invalid(ContractError.At("applicationId", "invalid", $"There is no active application with the Id [{id}] in this tenant."));
}
