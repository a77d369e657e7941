using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>Issues and checks tokens signed with one P-256 key, made at start (ES256).</summary>
internal sealed class Tokens : IDisposable
{
    private const string Issuer = "peer";
    private static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(30);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _handler = new();
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _access;
    private readonly TokenValidationParameters _refresh;

    public Tokens()
    {
        _credentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = "peer-1" }, SecurityAlgorithms.EcdsaSha256);
        _access = Rules("access");
        _refresh = Rules("refresh");
    }

    /// <summary>How long a refresh token is good for.</summary>
    public static TimeSpan RefreshTokenLifetime => RefreshLifetime;

    /// <summary>An access token with the claims Identity's factory gathered.</summary>
    public string Access(ClaimsPrincipal principal) => Sign("access", (ClaimsIdentity)principal.Identity!, AccessLifetime);

    /// <summary>A refresh token that carries its own authority: the user and the security stamp it is bound to.</summary>
    public string Refresh(PeerUser user) => Sign(
        "refresh", new ClaimsIdentity([new Claim("sub", user.Id), new Claim("stamp", user.SecurityStamp ?? "")]), RefreshLifetime);

    /// <summary>Checks signature, issuer, audience (what the token is for) and lifetime of an access token.</summary>
    public Task<TokenValidationResult> CheckAccess(string token) => _handler.ValidateTokenAsync(token, _access);

    /// <summary>The same of a refresh token.</summary>
    public Task<TokenValidationResult> CheckRefresh(string token) => _handler.ValidateTokenAsync(token, _refresh);

    public void Dispose() => _key.Dispose();

    private string Sign(string use, ClaimsIdentity subject, TimeSpan lifetime)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = use,
            Subject = subject,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString() },
        });
    }

    private TokenValidationParameters Rules(string use) => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = use,
        IssuerSigningKey = _credentials.Key,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
    };
}
