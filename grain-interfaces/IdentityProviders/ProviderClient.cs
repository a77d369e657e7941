using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>This server as a client of a provider: what is for all applications, and what is this application's own.</summary>
/// <param name="Issuer">Null only in a provider that was never checked.</param>
public sealed record ProviderClient(string? Issuer, string? ClientId, string? ClientSecret, string Scope, ProviderClientAuthentication Authentication)
{
    private const string OpenId = "openid";

    /// <param name="applicationId">The application that somebody signs in to.</param>
    public static ProviderClient Of(IdentityProvider provider, Guid applicationId)
    {
        var (oauth, own) = (provider.OAuth2, provider.ApplicationConfiguration.GetValueOrDefault(applicationId)?.OAuth2);
        // Another client has another secret: that of all would prove nothing, and be told to nobody it is meant for.
        var secret = Secrets(provider).GetValueOrDefault(applicationId) ?? (own?.ClientId is null ? oauth.ClientSecret : null);
        return new ProviderClient(oauth.Issuer, own?.ClientId ?? oauth.ClientId, secret, WithOpenId(own?.Scope ?? oauth.Scope), oauth.ClientAuthenticationMethod);
    }

    /// <summary>Secrets of applications' own clients.</summary>
    public static ImmutableDictionary<Guid, string> Secrets(IdentityProvider provider) => provider.ApplicationSecrets is { } text
        ? JsonSerializer.Deserialize<ImmutableDictionary<Guid, string>>(text, ContractJson.Options) ?? ImmutableDictionary<Guid, string>.Empty
        : ImmutableDictionary<Guid, string>.Empty;

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"client {ClientId} of {Issuer}";

    private static string WithOpenId(string? scope)
    {
        var names = (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) return "openid profile email";
        return string.Join(' ', names.Contains(OpenId) ? names : [OpenId, .. names]);
    }
}
