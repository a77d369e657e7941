namespace OrleansAuth.OAuth;

/// <summary>Values of <c>grant_type</c>; an application's <c>enabledGrants</c> hold them, and <c>implicit</c> besides.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
    public const string Implicit = "implicit";
    public const string Password = "password";
    public const string RefreshToken = "refresh_token";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [AuthorizationCode, Implicit, Password, ClientCredentials, RefreshToken, DeviceCode];
}
