using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>
/// The device authorization grant (RFC 8628) where programs speak: a device asks for its codes; a login page of somebody's
/// own looks a user code up and approves it in the name of a user whose token it has.
/// </summary>
internal static class DeviceEndpoints
{
    private const int LongestInfo = 256;

    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/oauth2/device_authorize", Authorize).Allow(ApiAccess.Anyone);
        routes.MapGet("/oauth2/device/validate", Validate).Allow(ApiAccess.Anyone);
        routes.MapGet("/oauth2/device/user-code", Look).Allow(ApiAccess.Anyone);
        routes.MapPost("/oauth2/device/user-code", Look).Allow(ApiAccess.Anyone);
        routes.MapPost("/oauth2/device/approve", Approve).Allow(ApiAccess.Anyone);
    }

    private static async Task<IResult> Authorize(HttpContext http, ConfigurationReader configuration, DeviceCodes codes, PublicAddress address)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var caller = ClientAuthentication.Authenticate(http, form, configuration.Current);
        if (caller.Value is not { Client: var client }) return caller.Error!;
        if (!client.Allows(GrantTypes.DeviceCode)) return OAuthError.UnauthorizedClient($"The application does not allow the grant {GrantTypes.DeviceCode}.", "grant_type_disabled");
        var scope = Scopes.Read(client, form["scope"]);
        if (scope.Value is not { } asked) return scope.Error!;
        var issued = await codes.Issue(client, asked, Info(form), http.Connection.RemoteIpAddress?.ToString());
        if (issued.Value is not { } device) return OAuthError.From(issued.Refusal!);
        var uri = client.OAuth.DeviceVerificationURL is { Length: > 0 } own ? own : $"{address.OriginOf(client.Tenant)}/oauth2/device";
        return new TokenResult(new JsonObject
        {
            ["device_code"] = device.DeviceCode,
            ["user_code"] = device.UserCode,
            ["verification_uri"] = uri,
            ["verification_uri_complete"] = $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}user_code={Uri.EscapeDataString(device.UserCode)}",
            ["expires_in"] = device.ExpiresIn,
            ["interval"] = DevicePolls.Interval,
        });
    }

    /// <summary>Whether a typed code is one that waits, for pages of somebody's own; says no more than that.</summary>
    private static async Task<IResult> Validate(HttpContext http, ConfigurationReader configuration, DeviceCodes codes)
    {
        var query = OAuthParameters.Of(http.Request.Query, out var malformed);
        if (malformed is not null) return malformed;
        if (query["client_id"] is not { } clientId) return OAuthError.InvalidRequest("The client_id is missing.", "missing_client_id");
        if (OAuthClient.Find(configuration.Current, clientId, query["tenantId"]) is not { } client) return OAuthError.InvalidRequest("The client_id is unknown.", "invalid_client_id");
        var found = await FindOf(client, query, codes, http);
        return found.Error ?? Results.Ok();
    }

    /// <summary>What waits under a user code, for the client that asked for it or a key of its tenant.</summary>
    private static async Task<IResult> Look(ApiRequest request, DeviceCodes codes, Clock clock)
    {
        var http = request.Http;
        var read = HttpMethods.IsGet(http.Request.Method) ? ReadQuery(http) : await OAuthParameters.ReadForm(http);
        if (read.Value is not { } sent) return read.Error!;
        OAuthOutcome<WaitingDevice> found;
        if (request.Key is not null)
        {
            if (sent["user_code"] is not { } userCode) return MissingCode;
            var named = Guid.TryParse(sent["tenantId"], out var id) ? id : (Guid?)null;
            if ((sent["tenantId"] is not null && named is null) || !request.Sees(named)) return OAuthError.InvalidRequest("The tenantId is unknown.", "invalid_tenant_id");
            found = await codes.Find(userCode, request.TenantScope ?? named, null, http.Connection.RemoteIpAddress);
        }
        else
        {
            var caller = ClientAuthentication.Authenticate(http, sent, request.Snapshot);
            if (caller.Value is not { Client: var client }) return caller.Error!;
            found = await FindOf(client, sent, codes, http);
        }

        return found.Value is { } device ? ContractResults.Json(Show(device, clock)) : found.Error!;
    }

    /// <summary>The user's token says who approves. It must be one of the same application: another one's token is no word for this.</summary>
    private static async Task<IResult> Approve(HttpContext http, ConfigurationReader configuration, DeviceCodes codes, TokenVerifier verifier, IGrainFactory grains)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var snapshot = configuration.Current;
        var caller = ClientAuthentication.Authenticate(http, form, snapshot);
        if (caller.Value is not { Client: var client }) return caller.Error!;
        if (form["token"] is not { } token) return OAuthError.InvalidRequest("The token is missing.", "missing_token");
        if (verifier.Verify(token, snapshot) is not { } access || access.TenantId != client.Tenant.Id || access.ApplicationOfAudience?.Id != client.Application.Id)
            return new OAuthError("invalid_token", "The token is not valid, or is not one of this application.") { Status = StatusCodes.Status401Unauthorized };
        var found = await FindOf(client, form, codes, http);
        if (found.Value is not { } device) return found.Error!;
        var approval = ApprovalBy(access);
        var actor = http.ActorNamed($"client {client.Application.Name}");
        var admitted = await grains.User(client.Tenant.Id, access.UserId).Admit(new AdmitUser(client.Application.Id, approval.Opened, actor) { Factor = approval.Factor });
        if (admitted.Refusal is { } refusal) return refusal.Kind == RefusalKind.NotFound ? OAuthError.AccessDenied("The user may not sign in any more.", "user_not_found") : OAuthError.From(refusal);
        if (admitted.Value is not { Subject: { } subject } admission) return OAuthError.AccessDenied("The user may not sign in at the moment.", LoginReasons.Of(admitted.Value!.Status));
        if (!subject.Registered && client.OAuth.RequireRegistration) return OAuthError.AccessDenied("The user is not registered for the application.", LoginReasons.Of(LoginStatus.NotRegistered));
        if (!await codes.Decide(device, approval)) return OAuthError.InvalidRequest("The code is not valid, or not valid any more.", "invalid_user_code");
        return ContractResults.Json(new JsonObject
        {
            ["deviceGrantStatus"] = nameof(DeviceDecision.Approved),
            ["deviceInfo"] = device.Request.Info?.DeepClone(),
            ["tenantId"] = client.Tenant.Id,
            ["userId"] = access.UserId,
        });
    }

    /// <summary>
    /// The approval is as old as the token: what was revoked since then is over. It was given out behind the gates of this very
    /// application, the one of the second factor among them.
    /// </summary>
    private static DeviceApproval ApprovalBy(AccessToken access)
    {
        var issued = access.Claims.GetProperty("iat").GetInt64() * 1000;
        var signedIn = access.Claims.TryGetProperty("auth_time", out var time) && time.TryGetInt64Safely(out var seconds) ? seconds * 1000 : issued;
        return new DeviceApproval(access.UserId, access.Claims.GetProperty("authenticationType").GetString()!, signedIn, TokenIds.IssuedAt(access.Claims), null)
        {
            Factor = new Mfa.FactorProof(issued, Mfa.FactorMethods.Brought),
        };
    }

    private static async Task<OAuthOutcome<WaitingDevice>> FindOf(OAuthClient client, OAuthParameters sent, DeviceCodes codes, HttpContext http) =>
        sent["user_code"] is { } userCode ? await codes.Find(userCode, client.Tenant.Id, client.Application.Id, http.Connection.RemoteIpAddress) : MissingCode;

    private static JsonObject Show(WaitingDevice device, Clock clock) => new()
    {
        ["client_id"] = device.Client.Id,
        ["deviceInfo"] = device.Request.Info?.DeepClone(),
        ["expires_in"] = Math.Max(0, (device.Request.ExpiresAt - clock.Now) / 1000),
        ["scope"] = device.Request.Scope,
        ["tenantId"] = device.Client.Tenant.Id,
        ["user_code"] = device.UserCode,
    };

    /// <summary>What the device says about itself, in the contract's form parameters.</summary>
    private static JsonObject Info(OAuthParameters form)
    {
        var info = new JsonObject();
        foreach (var name in (string[])["name", "description", "type"])
            if (form[$"metaData.device.{name}"] is { } value) info[name] = value.Length > LongestInfo ? value[..LongestInfo] : value;
        return info;
    }

    private static OAuthOutcome<OAuthParameters> ReadQuery(HttpContext http)
    {
        var query = OAuthParameters.Of(http.Request.Query, out var malformed);
        return malformed is null ? query : malformed;
    }

    private static OAuthError MissingCode { get; } = OAuthError.InvalidRequest("The user_code is missing.", "missing_user_code");
}
