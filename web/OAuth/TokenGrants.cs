#pragma warning disable CA1822 // the grant that it hands to comes with the next change
using System.Text.Json.Nodes;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>The grants of the token endpoint, by name.</summary>
internal sealed class TokenGrants(CodeGrant code, RefreshGrant refresh, PasswordGrant password, DeviceGrant device)
{
    public static bool IsKnown(string grantType) => grantType is GrantTypes.AuthorizationCode or GrantTypes.RefreshToken or GrantTypes.Password or GrantTypes.DeviceCode;

    public Task<OAuthOutcome<JsonObject>> ForUser(string grantType, TokenRequest request) => grantType switch
    {
        GrantTypes.AuthorizationCode => code.Redeem(request),
        GrantTypes.RefreshToken => refresh.Redeem(request),
        GrantTypes.Password => password.Redeem(request),
        _ => device.Redeem(request),
    };

    /// <summary>Client credentials: the client is an entity, not an application.</summary>
    public Task<IResult> ForEntity(HttpContext http, ClientAuthentication.Credentials sent, OAuthParameters form, ConfigurationSnapshot snapshot, string? thumbprint) =>
        Task.FromResult<IResult>(OAuthError.InvalidClient("invalid_client_id"));
}
