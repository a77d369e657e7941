using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>The second factor of a login: begun, sent, proved. A wrong code is 421, whatever is wrong with it.</summary>
internal static class TwoFactorEndpoints
{
    private const int LongestText = 4096;

    public static void MapTwoFactor(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/two-factor/secret", NewSecret).Allow(ApiAccess.KeyOrToken);
        routes.MapPost("/api/two-factor/start", Start).Allow(ApiAccess.Key);
        routes.MapPost("/api/two-factor/send", Send).Allow(ApiAccess.KeyOrToken);
        routes.MapPost("/api/two-factor/send/{twoFactorId}", SendForLogin).Allow(ApiAccess.Anyone);
        routes.MapPost("/api/two-factor/login", LogIn).Allow(ApiAccess.Anyone);
    }

    /// <summary>421 without a body: the code was wrong.</summary>
    public static IResult Wrong() => ErrorResponses.Empty(StatusCodes.Status421MisdirectedRequest);

    /// <summary>A new secret of the length that its hash wants (RFC 4226, section 4, R6). Nothing is stored.</summary>
    private static IResult NewSecret(ApiRequest request)
    {
        var algorithm = request.Snapshot.Find<Tenant>(request.TenantId)?.MultiFactorConfiguration.Authenticator.Algorithm ?? TotpAlgorithm.HmacSHA1;
        var secret = RandomNumberGenerator.GetBytes(AuthenticatorSecret.LengthFor(algorithm));
        return ContractResults.Json(new JsonObject { ["secret"] = Convert.ToBase64String(secret), ["secretBase32Encoded"] = Base32.Encode(secret) });
    }

    private static async Task<IResult> Start(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, loginId, types) = (sent.Id("userId", errors), sent.Text("loginId", errors), LoginRequest.Types(sent, errors));
        var (code, challenge, state) = (sent.Text("code", errors), sent.Text("trustChallenge", errors), sent["state"] as JsonObject);
        var command = new StartFactor(sent.Id("applicationId", errors), request.Actor)
        {
            Code = string.IsNullOrEmpty(code) ? null : code,
            TrustChallenge = string.IsNullOrEmpty(challenge) ? null : challenge,
            State = state is null ? null : JsonText.From(state),
        };
        if (sent["state"] is not null && state is null) errors.AddField("state", "couldNotConvert", "The [state] must be a JSON object.");
        if (state?.ToJsonString().Length > LongestText) errors.AddField("state", "tooLong", $"The [state] may have at most {LongestText} characters.");
        if (challenge?.Length > LongestText) errors.AddField("trustChallenge", "tooLong", $"The [trustChallenge] may have at most {LongestText} characters.");
        if (userId is null && string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] or the [userId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);

        var found = userId is { } id ? await users.Find(id, request) is { } user ? user : Refusal.NotFound : await users.FindByLogin(loginId!, types, request);
        if (found.Refusal is { } unknown) return ErrorResponses.From(unknown);
        var stored = found.Value.User;
        var started = await grains.UserFactors(stored.TenantId, stored.Id).Start(command);
        return started.Answer(answer => ContractResults.Json(new JsonObject
        {
            ["code"] = answer.Code,
            ["methods"] = answer.Challenge.Methods.Read<JsonArray>(),
            ["twoFactorId"] = answer.Challenge.TwoFactorId,
        }));
    }

    /// <summary>Proves a new address, or begins to remove a method.</summary>
    private static async Task<IResult> Send(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, command) = (sent.Id("userId", errors), Read(sent, request, errors));
        if (command is { MethodId: null, Method: null } && !errors.Any) errors.AddField("method", "blank", "The [method] or the [methodId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await FactorOwner.Find(userId, request, users, grains) is not { } owner) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await owner.Send(command)).Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> SendForLogin(string twoFactorId, ApiRequest request, FactorChallenges challenges)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var command = Read(sent, request, errors);
        if (command.MethodId is null && !errors.Any) errors.AddField("methodId", "blank", "The [methodId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await challenges.Find(twoFactorId, request.TenantScope) is not { } open) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var outcome = await open.Owner.Send(command with { TwoFactorId = twoFactorId, ApplicationId = open.Stored.ApplicationId });
        return outcome.Answer(_ => ContractResults.Empty);
    }

    private static SendFactorCode Read(JsonObject sent, ApiRequest request, Errors errors)
    {
        var (methodId, method) = (sent.Text("methodId", errors), sent.Text("method", errors));
        return new SendFactorCode(request.Actor)
        {
            MethodId = string.IsNullOrEmpty(methodId) ? null : methodId,
            Method = string.IsNullOrEmpty(method) ? null : method,
            Target = method == FactorMethods.Sms ? sent.Text("mobilePhone", errors) : sent.Text("email", errors),
            ApplicationId = sent.Id("applicationId", errors),
        };
    }

    private static async Task<IResult> LogIn(ApiRequest request, FactorChallenges challenges, TokenIssuer issuer)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (id, code, address) = (sent.Text("twoFactorId", errors), sent.Text("code", errors), sent.Text("ipAddress", errors));
        var (applicationId, trusts, noJwt) = (sent.Id("applicationId", errors), sent.Flag("trustComputer", errors), sent.Flag("noJWT", errors));
        var metaData = sent["metaData"] as JsonObject;
        if (metaData?.ToJsonString().Length > LongestText) errors.AddField("metaData", "tooLong", $"The [metaData] may have at most {LongestText} characters.");
        if (string.IsNullOrWhiteSpace(id)) errors.AddField("twoFactorId", "blank", "The [twoFactorId] must not be blank.");
        if (string.IsNullOrWhiteSpace(code)) errors.AddField("code", "blank", "The [code] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await challenges.Find(id, request.TenantScope) is not { } open) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (!noJwt && issuer.KeyFor(request.Snapshot, open.TenantId, open.Stored.ApplicationId ?? applicationId).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var actor = request.Key is not null && address is { Length: > 0 and <= 64 } ? request.Actor.From(address) : request.Actor;
        var proved = await open.Owner.Prove(new ProveFactor(id!, code!, actor)
        {
            TrustsComputer = trusts,
            TrustId = TrustCookie.Read(request.Http),
            Device = metaData is null ? null : JsonText.From(metaData),
            WithoutSession = noJwt,
            ApplicationId = applicationId,
        });
        return proved.Answer(answer => Show(answer, noJwt, request, issuer));
    }

    private static IResult Show(FactorProved proved, bool noJwt, ApiRequest request, TokenIssuer issuer)
    {
        if (proved.WasWrong) return Wrong();
        if (proved.Login is not { } login) return ContractResults.Json(new JsonObject { ["trustToken"] = proved.TrustToken });
        TrustCookie.Write(request.Http, proved);
        return LoginEndpoints.Answer(login, proved.ApplicationId, !noJwt, request, issuer);
    }
}
