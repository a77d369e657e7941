namespace OrleansAuth.Tokens;

/// <summary>The contract's values of the claim <c>authenticationType</c> that this server gives out.</summary>
public static class AuthenticationTypes
{
    public const string ApplicationToken = "APPLICATION_TOKEN";
    public const string JwtSso = "JWT_SSO";
    public const string OneTimePassword = "ONE_TIME_PASSWORD";
    public const string OpenIdConnect = "OPENID_CONNECT";
    public const string Password = "PASSWORD";
    public const string Ping = "PING";
    public const string RefreshToken = "REFRESH_TOKEN";
    public const string Registration = "REGISTRATION";
    public const string UserCreate = "USER_CREATE";
    public const string Passwordless = "PASSWORDLESS";
    public const string WebAuthn = "WEBAUTHN";
}
