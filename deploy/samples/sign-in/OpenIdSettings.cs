namespace Sample;

/// <summary>What the application knows of the identity server: section <c>OpenId</c> of the settings.</summary>
public sealed record OpenIdSettings
{
    /// <summary>The issuer: the server's address and the tenant's id. Every other address is discovered from it.</summary>
    public required string Authority { get; init; }

    /// <summary>The application's id at the server.</summary>
    public required string ClientId { get; init; }

    /// <summary>Null makes this a public client, which PKCE alone protects. An application on a server can keep a secret and should have one.</summary>
    public string? ClientSecret { get; init; }

    /// <summary><c>openid</c> asks for an ID token, <c>offline_access</c> for a refresh token, the others for claims.</summary>
    public string Scope { get; init; } = "openid profile email offline_access";
}
