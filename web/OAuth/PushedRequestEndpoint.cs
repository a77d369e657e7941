using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>
/// Where a client pushes its authorization request (RFC 9126): nobody in between can read or change it, and what is wrong
/// with it is said here, before any browser is sent.
/// </summary>
internal static class PushedRequestEndpoint
{
    public static void MapPushedRequests(this IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/par", Push).Allow(ApiAccess.Anyone);

    private static async Task<IResult> Push(HttpContext http, ConfigurationReader configuration, AuthorizationRequests requests, PushedRequests pushed, DpopProofs proofs)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var proof = proofs.Read(http, null);
        if (proof.Error is { } wrongProof) return wrongProof;
        var caller = ClientAuthentication.Authenticate(http, form, configuration.Current, usesProof: form["code_challenge"] is not null);
        if (caller.Value is not { Client: var client }) return caller.Error!;
        if (form["request_uri"] is not null) return OAuthError.InvalidRequest("A pushed request cannot stand for another.", "invalid_request_uri");
        var bound = Bind(form, proof.Thumbprint);
        if (bound.Value is not { } sent) return bound.Error!;
        if (requests.Check(client, sent) is { } refused) return refused;
        if (await proofs.Use(proof) is { } usedProof) return usedProof;
        var kept = await pushed.Keep(client, sent);
        return kept.Value is { } requestUri
            ? ContractResults.Json(new JsonObject { ["request_uri"] = requestUri, ["expires_in"] = PushedRequests.Lifetime }, StatusCodes.Status201Created)
            : OAuthError.From(kept.Refusal!);
    }

    /// <summary>A proof that comes with the request binds the code to its key (RFC 9449, section 10.1).</summary>
    private static OAuthOutcome<OAuthParameters> Bind(OAuthParameters form, string? thumbprint)
    {
        if (thumbprint is null) return form;
        if (form["dpop_jkt"] is { } named)
            return named == thumbprint ? form : OAuthError.InvalidRequest("The dpop_jkt is not the key of the DPoP proof.", "invalid_dpop_jkt");
        return OAuthParameters.Of([.. form.Pairs, KeyValuePair.Create("dpop_jkt", new StringValues(thumbprint))], out _);
    }
}
