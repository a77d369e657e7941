using System.Text.Json.Nodes;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>The grants of the token endpoint, by name.</summary>
internal sealed class TokenGrants(CodeGrant code, RefreshGrant refresh, PasswordGrant password, DeviceGrant device, ClientCredentialsGrant entity)
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
    public async Task<IResult> ForEntity(HttpContext http, ClientAuthentication.Credentials sent, OAuthParameters form, ConfigurationSnapshot snapshot, string? thumbprint)
    {
        var answer = await entity.Answer(new ClientCredentialsRequest(sent.ClientId, sent.Secret, form["scope"])
        {
            TenantId = form["tenantId"] is not { } text ? null : Guid.TryParse(text, out var id) ? id : Guid.Empty,
            DPoPThumbprint = thumbprint,
        }, snapshot, http.RequestAborted);
        if (answer.Value is not { } token) return answer.Error!;
        var body = new JsonObject { ["access_token"] = token.AccessToken, ["expires_in"] = token.ExpiresIn, ["token_type"] = token.TokenType };
        if (token.Scope is { } scope) body["scope"] = scope;
        return new TokenResult(body);
    }
}
