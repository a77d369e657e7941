using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>The second factors of a user: added, named, removed, and recovered from; by a key or by the user's own token.</summary>
internal static class UserTwoFactorEndpoints
{
    private const string OwnPath = "/api/user/two-factor";
    private const string Path = "/api/user/two-factor/{userId:guid}";
    private const string CodesPath = "/api/user/two-factor/recovery-code/{userId:guid}";

    public static void MapUserTwoFactor(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(OwnPath, (ApiRequest request, UserLookup users, IGrainFactory grains) => Add(null, request, users, grains)).Allow(ApiAccess.Token);
        routes.MapPost(Path, (Guid userId, ApiRequest request, UserLookup users, IGrainFactory grains) => Add(userId, request, users, grains)).Allow(ApiAccess.Key);
        routes.MapDelete(OwnPath, (ApiRequest request, UserLookup users, IGrainFactory grains) => Remove(null, request, users, grains)).Allow(ApiAccess.Token);
        routes.MapDelete(Path, (Guid userId, ApiRequest request, UserLookup users, IGrainFactory grains) => Remove(userId, request, users, grains)).Allow(ApiAccess.Key);
        routes.MapPut(OwnPath, (ApiRequest request, UserLookup users, IGrainFactory grains) => Rename(null, request, users, grains)).Allow(ApiAccess.Token);
        routes.MapPut(Path, (Guid userId, ApiRequest request, UserLookup users, IGrainFactory grains) => Rename(userId, request, users, grains)).Allow(ApiAccess.Key);
        routes.MapPost(CodesPath, Renew).Allow(ApiAccess.Key);
        routes.MapGet(CodesPath, Count).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Add(Guid? userId, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (method, code) = (sent.Text("method", errors), sent.Text("code", errors));
        if (string.IsNullOrWhiteSpace(code)) errors.AddField("code", "blank", "The [code] must not be blank.");
        if (method is null || !FactorMethods.All.Contains(method)) errors.AddField("method", method is null ? "blank" : "invalid", $"The [method] must be one of {string.Join(", ", FactorMethods.All)}.");
        var (name, challenge) = (sent.Text("name", errors), sent.Text("twoFactorId", errors));
        var command = new AddFactor(method ?? "", code ?? "", request.Actor)
        {
            Secret = method == FactorMethods.Authenticator ? AuthenticatorSecret.Read(sent, errors) : [],
            Target = method == FactorMethods.Sms ? sent.Text("mobilePhone", errors) : sent.Text("email", errors),
            Name = string.IsNullOrWhiteSpace(name) ? null : name.Trim(),
            TwoFactorId = string.IsNullOrEmpty(challenge) ? null : challenge,
            YubiKey = method == FactorMethods.YubiKey && request.Key is not null ? ReadYubiKey(sent, errors) : null,
            ApplicationId = sent.Id("applicationId", errors),
        };
        if (challenge?.Length > FactorChallenges.LongestId) errors.AddField("twoFactorId", "tooLong", "The [twoFactorId] is too long.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await FactorOwner.Find(userId, request, users, grains) is not { } owner) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await owner.Add(command)).Answer(Show);
    }

    /// <summary>What is in a key; null where the request does not say, and a validation server has to know.</summary>
    private static YubiKeySecret? ReadYubiKey(JsonObject sent, Errors errors)
    {
        if (sent["yubikey"] is null) return null;
        if (sent["yubikey"] is not JsonObject inside)
        {
            errors.AddField("yubikey", "couldNotConvert", "The [yubikey] must be a JSON object.");
            return null;
        }

        var publicId = inside.Text("publicId", errors)?.ToLowerInvariant();
        if (publicId is not { Length: 12 } || publicId.Any(c => !"cbdefghijklnrtuv".Contains(c, StringComparison.Ordinal)))
            errors.AddField("yubikey.publicId", "invalid", "The [yubikey.publicId] must be 12 characters of modhex.");
        return new YubiKeySecret(publicId ?? "", Hex("privateId", 6), Hex("secretKey", 16));

        ImmutableArray<byte> Hex(string name, int length)
        {
            var text = inside.Text(name, errors);
            if (text is not null && text.Length == 2 * length && text.All(char.IsAsciiHexDigit)) return [.. Convert.FromHexString(text)];
            errors.AddField($"yubikey.{name}", "invalid", $"The [yubikey.{name}] must be {length} bytes in hexadecimal digits.");
            return [];
        }
    }

    /// <summary>The values come in the query, or, for those that must not stand in logs, in a body.</summary>
    private static async Task<IResult> Remove(Guid? userId, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var query = request.Http.Request.Query;
        var methodId = query.Sent("methodId") ?? sent.Text("methodId", errors);
        var code = query.Sent("code") ?? sent.Text("code", errors);
        var byOperator = request.Key is not null && sent.Flag("administrative", errors, query["administrative"] == "true");
        if (string.IsNullOrWhiteSpace(code) && !byOperator) errors.AddField("code", "blank", "The [code] must not be blank.");
        var applicationId = sent.Id("applicationId", errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await FactorOwner.Find(userId, request, users, grains) is not { } owner) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var removed = await owner.Remove(new RemoveFactor(string.IsNullOrEmpty(methodId) ? null : methodId, code, request.Actor) { ByOperator = byOperator, ApplicationId = applicationId });
        return removed.Answer(answer => answer.WasWrong ? TwoFactorEndpoints.Wrong() : ContractResults.Empty);
    }

    private static async Task<IResult> Rename(Guid? userId, ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (methodId, name) = (sent.Text("methodId", errors), sent.Text("name", errors));
        if (string.IsNullOrEmpty(methodId)) errors.AddField("methodId", "blank", "The [methodId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await FactorOwner.Find(userId, request, users, grains) is not { } owner) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await owner.Rename(new RenameFactor(methodId!, string.IsNullOrWhiteSpace(name) ? null : name.Trim(), request.Actor))).Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> Renew(Guid userId, ApiRequest request, UserLookup users, IGrainFactory grains) =>
        await FactorOwner.Find(userId, request, users, grains) is { } owner
            ? (await owner.RenewRecoveryCodes(new RenewRecoveryCodes(request.Actor))).Answer(Show)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    /// <summary>The store has hashes only, so the codes themselves cannot be shown again; how many are left can.</summary>
    private static async Task<IResult> Count(Guid userId, ApiRequest request, UserLookup users, IGrainFactory grains) =>
        await FactorOwner.Find(userId, request, users, grains) is { } owner && await owner.Status(new ReadFactorStatus(null, FactorAction.Login, null)) is { } status
            ? ContractResults.Json(new JsonObject { ["recoveryCodes"] = new JsonArray(), ["remaining"] = status.RecoveryCodesLeft })
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static IResult Show(FactorsChanged changed)
    {
        if (changed.WasWrong) return TwoFactorEndpoints.Wrong();
        var answer = new JsonObject();
        if (changed.Code is { } code) answer["code"] = code;
        if (!changed.RecoveryCodes.IsEmpty) answer["recoveryCodes"] = new JsonArray([.. changed.RecoveryCodes.Select(c => (JsonNode)c)]);
        return ContractResults.Json(answer);
    }
}
