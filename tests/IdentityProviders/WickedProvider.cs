using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// An identity provider on a free port of this machine that keeps to the protocol until a test tells it otherwise. People do
/// not sign in at it: a test says who did, and takes the answer to the server.
/// </summary>
internal sealed class WickedProvider : IAsyncDisposable
{
    public const string ClientId = "the-server";
    public const string ClientSecret = "a secret: of the & server";

    private readonly WebApplication _app;
    private readonly ManualTime _time;
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentDictionary<string, Grant> _grants = new();

    private WickedProvider(WebApplication app, ManualTime time) => (_app, _time) = (app, time);

    /// <summary>Never twice, also where the machine gives a port again: servers remember what an issuer says about itself.</summary>
    public string Issuer => $"{_app.Urls.First()}/{_name}";

    public SigningPair Key { get; set; } = new("one");

    /// <summary>Keys that it publishes beside its own.</summary>
    public List<SigningPair> Published { get; } = [];

    /// <summary>Changes the claims of ID tokens before they are signed.</summary>
    public Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Makes a token of header and claims; by default signs it properly.</summary>
    public Func<JsonObject, JsonObject, string>? Sign { get; set; }

    /// <summary>Changes the header of ID tokens.</summary>
    public Action<JsonObject> Header { get; set; } = _ => { };

    /// <summary>What userinfo says of a person; by default what the ID token says.</summary>
    public Func<JsonObject, JsonObject> UserInfo { get; set; } = person => (JsonObject)person.DeepClone();

    /// <summary>Changes the discovery document.</summary>
    public Action<JsonObject> Discovery { get; set; } = _ => { };

    /// <summary>Answers in place of the token endpoint; returns whether it did.</summary>
    public Func<HttpContext, Task<bool>> Token { get; set; } = _ => Task.FromResult(false);

    /// <summary>What the token endpoint was sent, the last time.</summary>
    public IFormCollection? LastForm { get; private set; }

    public string? LastAuthorization { get; private set; }

    public int TokenRequests { get; private set; }

    public int KeyRequests { get; private set; }

    public static async Task<WickedProvider> Start(ManualTime time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new WickedProvider(builder.Build(), time);
        provider._app.MapGet($"/{provider._name}/.well-known/openid-configuration", provider.Discover);
        provider._app.MapGet($"/{provider._name}/keys", provider.Keys);
        provider._app.MapPost($"/{provider._name}/token", provider.Redeem);
        provider._app.MapGet($"/{provider._name}/me", provider.Me);
        await provider._app.StartAsync();
        return provider;
    }

    /// <summary>Somebody signs in at the address that the server sent the browser to; the answer, as a path of the server.</summary>
    /// <param name="person">Claims; <c>sub</c> among them.</param>
    public string Approve(string address, JsonObject person, params (string Name, string? Value)[] values)
    {
        Assert.StartsWith(Issuer + "/authorize?", address, StringComparison.Ordinal);
        var asked = HttpUtility.ParseQueryString(new Uri(address).Query);
        var code = Guid.NewGuid().ToString("N");
        _grants[code] = new Grant((JsonObject)person.DeepClone(), asked["nonce"], asked["code_challenge"], asked["redirect_uri"]!);
        return Answer(address, [("code", code), ("state", asked["state"]), .. values]);
    }

    /// <summary>An answer of the provider's own choice.</summary>
    public static string Answer(string address, params (string Name, string? Value)[] values)
    {
        var redirect = new Uri(HttpUtility.ParseQueryString(new Uri(address).Query)["redirect_uri"]!);
        var parameters = new Dictionary<string, string?>();
        foreach (var (name, value) in values) parameters[name] = value;
        return redirect.AbsolutePath + "?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
    }

    public static string State(string address) => HttpUtility.ParseQueryString(new Uri(address).Query)["state"]!;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task Discover(HttpContext http)
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize",
            ["token_endpoint"] = Issuer + "/token",
            ["userinfo_endpoint"] = Issuer + "/me",
            ["jwks_uri"] = Issuer + "/keys",
        };
        Discovery(document);
        return Write(http, document);
    }

    private Task Keys(HttpContext http)
    {
        KeyRequests++;
        return Write(http, new JsonObject { ["keys"] = new JsonArray([.. Published.Append(Key).Select(k => k.Public())]) });
    }

    private async Task Redeem(HttpContext http)
    {
        TokenRequests++;
        LastAuthorization = http.Request.Headers.Authorization;
        LastForm = await http.Request.ReadFormAsync();
        if (await Token(http)) return;
        var verifier = LastForm["code_verifier"].ToString();
        if (!_grants.TryRemove(LastForm["code"].ToString(), out var grant) || grant.Redirect != LastForm["redirect_uri"]
            || (grant.Challenge is { } challenge && challenge != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))))
        {
            http.Response.StatusCode = 400;
            await Write(http, new JsonObject { ["error"] = "invalid_grant" });
            return;
        }

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = (JsonObject)grant.Person.DeepClone();
        (claims["iss"], claims["aud"], claims["iat"], claims["exp"]) = (Issuer, ClientId, now, now + 300);
        if (grant.Nonce is { } nonce) claims["nonce"] = nonce;
        var access = Guid.NewGuid().ToString("N");
        _grants[access] = grant;
        claims["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(access)).AsSpan(0, 16));
        Claims(claims);
        var header = new JsonObject { ["alg"] = Key.Algorithm, ["kid"] = Key.Id, ["typ"] = "JWT" };
        Header(header);
        await Write(http, new JsonObject { ["access_token"] = access, ["token_type"] = "Bearer", ["id_token"] = Sign?.Invoke(header, claims) ?? Key.Sign(header, claims) });
    }

    private Task Me(HttpContext http) =>
        _grants.TryGetValue(http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var grant)
            ? Write(http, UserInfo(grant.Person))
            : Results.Unauthorized().ExecuteAsync(http);

    private static Task Write(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString());
    }

    private sealed record Grant(JsonObject Person, string? Nonce, string? Challenge, string Redirect);
}

/// <summary>A key that signs ID tokens, by code of the test alone.</summary>
internal sealed class SigningPair(string id, int rsa = 0)
{
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA? _rsa = rsa > 0 ? RSA.Create(rsa) : null;

    public string Id => id;

    public string Algorithm => _rsa is null ? "ES256" : "RS256";

    public string Pem => _rsa is null ? _curve.ExportSubjectPublicKeyInfoPem() : _rsa.ExportSubjectPublicKeyInfoPem();

    public JsonObject Public()
    {
        if (_rsa is not null)
        {
            var numbers = _rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["kid"] = id, ["use"] = "sig", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        }

        var point = _curve.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = id, ["use"] = "sig", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    public string Sign(JsonObject header, JsonObject claims) => SignText(header.ToJsonString(), claims.ToJsonString());

    /// <summary>Signs whatever stands there, also what is no proper JSON.</summary>
    public string SignText(string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return $"{signed}.{Base64Url.EncodeToString(_rsa is null ? _curve.SignData(bytes, HashAlgorithmName.SHA256) : _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Text(JsonObject header, JsonObject claims) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
}
