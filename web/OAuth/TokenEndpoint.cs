using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>One request to the token endpoint, after its client was found to be one.</summary>
/// <param name="Thumbprint">Of the key that the client proved to have (RFC 9449); null where it proved none.</param>
internal sealed record TokenRequest(HttpContext Http, CallingClient Caller, OAuthParameters Form, ConfigurationSnapshot Snapshot, string? Thumbprint)
{
    public OAuthClient Client => Caller.Client;

    public Configuration.Actor Actor => Http.ActorNamed($"client {Client.Application.Name}");
}

/// <summary>The token endpoint (RFC 6749, section 3.2): authenticates the client, and hands the request to the grant that it names.</summary>
internal static class TokenEndpoint
{
    public static void MapTokenEndpoint(this IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/token", Token).Allow(ApiAccess.Anyone);

    private static async Task<IResult> Token(HttpContext http, ConfigurationReader configuration, TokenGrants grants, DpopProofs proofs)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var snapshot = configuration.Current;
        if (form["grant_type"] is not { } grantType) return OAuthError.InvalidRequest("The grant_type is missing.", "missing_grant_type");
        var sent = ClientAuthentication.Read(http, form);
        if (sent.Value is not { } credentials) return sent.Error!;
        var proof = proofs.Read(http, null);
        if (proof.Error is { } wrongProof) return wrongProof;
        if (grantType == GrantTypes.ClientCredentials) return await ForEntity(http, grants, credentials, form, snapshot, proofs, proof);
        var caller = ClientAuthentication.Check(credentials, form, snapshot, usesProof: form["code_verifier"] is not null || grantType == GrantTypes.RefreshToken);
        if (caller.Value is not { } client) return caller.Error!;
        if (!TokenGrants.IsKnown(grantType)) return new OAuthError("unsupported_grant_type", "There is no such grant_type.");
        if (!client.Client.Allows(grantType)) return OAuthError.UnauthorizedClient($"The application does not allow the grant {grantType}.", "grant_type_disabled");
        if (client.Client.OAuth.RequireDPoP && proof.Thumbprint is null) return DpopProofs.Missing;
        if (await proofs.Use(proof) is { } usedProof) return usedProof;
        var answer = await grants.ForUser(grantType, new TokenRequest(http, client, form, snapshot, proof.Thumbprint));
        return answer.Error ?? (IResult)new TokenResult(answer.Value!);
    }

    /// <summary>An entity is authenticated with its grant, and nothing is stored for its token: the proof is used up last.</summary>
    private static async Task<IResult> ForEntity(
        HttpContext http, TokenGrants grants, ClientAuthentication.Credentials sent, OAuthParameters form, ConfigurationSnapshot snapshot, DpopProofs proofs, DpopResult proof)
    {
        var answer = await grants.ForEntity(http, sent, form, snapshot, proof.Thumbprint);
        return answer is TokenResult && await proofs.Use(proof) is { } used ? used : answer;
    }
}

/// <summary>A token answer; no cache keeps it (section 5.1).</summary>
internal sealed class TokenResult(JsonObject body) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Pragma = "no-cache";
        return httpContext.Response.WriteAsJsonAsync(body, ContractJson.Options);
    }
}
