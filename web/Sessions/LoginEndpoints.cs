using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Recovery;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>Login with a password, and logins that happened elsewhere.</summary>
internal static class LoginEndpoints
{
    public static void MapLogins(this IEndpointRouteBuilder routes)
    {
        // Whether a key is needed is for tenant and application to say; see LoginRequest.
        routes.MapPost("/api/login", LogIn).Allow(ApiAccess.Anyone);
        routes.MapPut("/api/login", PingByBody).Allow(ApiAccess.KeyOrToken);
        routes.MapPut("/api/login/{userId:guid}", (Guid userId, ApiRequest request, IGrainFactory grains, TokenIssuer issuer) =>
            Ping(userId, null, request, grains, issuer)).Allow(ApiAccess.Key);
        routes.MapPut("/api/login/{userId:guid}/{applicationId:guid}", (Guid userId, Guid applicationId, ApiRequest request, IGrainFactory grains, TokenIssuer issuer) =>
            Ping(userId, applicationId, request, grains, issuer)).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> LogIn(ApiRequest request, LoginLookup users, TokenIssuer issuer, OneTimeLogin once)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var read = LoginRequest.Read(body.Value!, request);
        if (read.Value is not { } login) return ErrorResponses.From(read.Refusal!);
        if (!login.NoJwt && issuer.KeyFor(request.Snapshot, login.Tenant.Id, login.Application?.Id).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var actor = login.IpAddress is { } address ? request.Actor.From(address) : request.Actor;
        var wish = new LoginWish(login.Application?.Id, actor)
        {
            Device = login.MetaData,
            WithoutSession = login.NoJwt,
            TrustId = login.TrustId,
            Seen = SeenDevices.OfClient(request, login.MetaData, login.NewDevice),
        };
        if (login.OneTimePassword is { } fresh)
        {
            var entered = await once.LogIn(fresh, login.Tenant.Id, wish);
            return entered.Answer(result => Answer(result, login.Application?.Id, !login.NoJwt, request, issuer));
        }

        var user = await users.Find(login.Tenant.Id, login.LoginId, login.LoginIdTypes.Contains("phoneNumber"), request.Http.RequestAborted);
        var outcome = await user.Login(new Login(login.LoginId, login.LoginIdTypes, login.Password, wish));
        return outcome.Answer(result => Answer(result, login.Application?.Id, !login.NoJwt, request, issuer));
    }

    /// <summary>By the user's own token, or for a user that the body names.</summary>
    private static async Task<IResult> PingByBody(ApiRequest request, IGrainFactory grains, TokenIssuer issuer)
    {
        if (request.Token is { } token)
        {
            // The token's own user gains no new token here: only a refresh token prolongs a login.
            if (!request.Sees(token.TenantId)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
            var pinged = await grains.User(token.TenantId, token.UserId).Ping(new PingLogin(token.ApplicationId, request.Actor));
            return pinged.Answer(result => new LoginAnswer(result with { User = null }, null));
        }

        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (userId, applicationId) = (sent.Id("userId", errors), sent.Id("applicationId", errors));
        if (userId is null && !errors.Any) errors.AddField("userId", "blank", "The [userId] must not be blank.");
        var address = sent.Text("ipAddress", errors);
        return errors.Any ? ErrorResponses.From(errors.Refusal) : await Ping(userId!.Value, applicationId, request, grains, issuer, address);
    }

    private static async Task<IResult> Ping(Guid userId, Guid? applicationId, ApiRequest request, IGrainFactory grains, TokenIssuer issuer, string? ipAddress = null)
    {
        var tenant = TenantOf(applicationId, request);
        if (tenant.Refusal is { } refusal) return ErrorResponses.From(refusal);
        if (issuer.KeyFor(request.Snapshot, tenant.Value, applicationId).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var address = ipAddress ?? request.Http.Request.Query["ipAddress"].FirstOrDefault();
        var actor = address is { Length: > 0 and <= 64 } ? request.Actor.From(address) : request.Actor;
        var outcome = await grains.User(tenant.Value, userId).Ping(new PingLogin(applicationId, actor));
        return outcome.Answer(result => Answer(result, applicationId, true, request, issuer, cookies: false));
    }

    private static Outcome<Guid> TenantOf(Guid? applicationId, ApiRequest request)
    {
        if (applicationId is null) return request.RequireTenant();
        return request.Snapshot.Find<Application>(applicationId) is { TenantId: { } owner } && request.Sees(owner)
            ? owner
            : Refusal.Invalid(ContractError.At("applicationId", "invalid", $"There is no application with the Id [{applicationId}]."));
    }

    /// <summary>The contract's answer to a login, with tokens and cookies where they are due.</summary>
    public static IResult Answer(LoginResult login, Guid? applicationId, bool withToken, ApiRequest request, TokenIssuer issuer, bool cookies = true)
    {
        if (!withToken || login.Subject is not { } subject) return new LoginAnswer(login, null);
        var issued = issuer.Issue(request.Snapshot, new AccessTokenRequest(subject, applicationId, login.AuthenticationType) { SessionId = login.Session?.SessionId });
        return issued.Answer(token =>
        {
            if (cookies) TokenCookies.Set(request.Http, request.Snapshot, subject.TenantId, applicationId, token.Token, login.Session?.Token);
            return new LoginAnswer(login, token);
        });
    }
}
