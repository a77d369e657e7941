using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>No settings of its own.</summary>
internal sealed class BearerCheckOptions : AuthenticationSchemeOptions;

/// <summary>What the framework's bearer handler does with a token, as an authentication handler.</summary>
internal sealed class BearerCheck(
    Tokens tokens, IOptionsMonitor<BearerCheckOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<BearerCheckOptions>(options, loggers, encoder)
{
    /// <summary>The scheme's name.</summary>
    public new const string Scheme = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();

        var result = await tokens.CheckAccess(header["Bearer ".Length..]);
        return result.IsValid
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(result.ClaimsIdentity), Scheme))
            : AuthenticateResult.Fail(result.Exception);
    }
}
