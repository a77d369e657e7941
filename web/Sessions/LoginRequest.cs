using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.Tenants;

namespace OrleansAuth.Sessions;

/// <summary>A login request after reading: what was typed, and the tenant and application that it is about.</summary>
internal sealed record LoginRequest(string LoginId, ImmutableArray<string> LoginIdTypes, string Password, Tenant Tenant, Application? Application)
{
    /// <summary>In characters of JSON.</summary>
    private const int LongestMetaData = 4096;

    /// <summary>The address of the user, if the caller, who needs a key for that, says it.</summary>
    public string? IpAddress { get; init; }

    public JsonText? MetaData { get; init; }

    /// <summary>In place of login and password: what a change of the password gave out.</summary>
    public string? OneTimePassword { get; init; }

    /// <summary>What a device holds that passed the second factor before and is trusted.</summary>
    public string? TrustId { get; init; }

    /// <summary>The caller knows that the user has not been seen on this device.</summary>
    public bool NewDevice { get; init; }

    /// <summary>No tokens are wanted.</summary>
    public bool NoJwt { get; init; }

    /// <summary>
    /// Reads the request. A caller without a key learns nothing before one is found to be not needed: that comes first.
    /// </summary>
    public static Outcome<LoginRequest> Read(JsonObject body, ApiRequest request)
    {
        var errors = new Errors("");
        var applicationId = body.Id("applicationId", errors);
        var application = request.FindApplication(applicationId);
        var tenant = request.Snapshot.Find<Tenant>(application?.TenantId ?? request.TenantId);
        if (request.Key is null && (application?.LoginConfiguration.RequireAuthentication ?? tenant?.LoginConfiguration.RequireAuthentication ?? true))
            return new Refusal(RefusalKind.Forbidden, []);
        if (applicationId is not null && application is null)
            errors.AddField("applicationId", "invalid", $"There is no application with the Id [{applicationId}].");
        else if (tenant is null)
            return request.RequireTenant().Refusal ?? Refusal.NotFound;
        return Read(body, request, tenant, application, errors);
    }

    private static Outcome<LoginRequest> Read(JsonObject body, ApiRequest request, Tenant? tenant, Application? application, Errors errors)
    {
        var loginId = body.Text("loginId", errors);
        var password = body.Text("password", errors);
        var once = loginId is null ? body.Text("oneTimePassword", errors) : null;
        if (once is not null) (loginId, password) = (once, once);
        if (string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] must not be blank.");
        if (string.IsNullOrEmpty(password)) errors.AddField("password", "blank", "The [password] must not be blank.");
        var types = Types(body, errors);
        var device = DeviceOf(body, errors);
        var address = body.Text("ipAddress", errors);
        var (noJwt, newDevice) = (body.Flag("noJWT", errors), body.Flag("newDevice", errors));
        var trust = body.Text("twoFactorTrustId", errors);
        if (errors.Any) return errors.Refusal;
        return new LoginRequest(loginId!, types, password!, tenant!, application)
        {
            IpAddress = request.Key is null || address is { Length: > 64 } ? null : address,
            MetaData = device,
            NewDevice = newDevice,
            NoJwt = noJwt,
            TrustId = string.IsNullOrEmpty(trust) ? TrustCookie.Read(request.Http) : trust,
            OneTimePassword = once,
        };
    }

    /// <summary>The member <c>metaData</c>, which tells the device; null where there is none.</summary>
    public static JsonText? DeviceOf(JsonObject body, Errors errors)
    {
        if (body["metaData"] is not JsonObject metaData) return null;
        if (metaData.ToJsonString().Length > LongestMetaData) errors.AddField("metaData", "tooLong", $"The [metaData] may have at most {LongestMetaData} characters.");
        return JsonText.From(metaData);
    }

    /// <summary>The member <c>loginIdTypes</c>; empty where there is none.</summary>
    public static ImmutableArray<string> Types(JsonObject body, Errors errors)
    {
        if (body["loginIdTypes"] is not { } sent) return [];
        if (sent is JsonArray list && list.All(t => t is JsonValue value && value.TryGetValue<string>(out var name) && name is "email" or "username" or "phoneNumber"))
            return [.. list.Select(t => (string)t!)];
        errors.AddField("loginIdTypes", "invalid", "The [loginIdTypes] are email, phoneNumber and username.");
        return [];
    }
}
