using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>
/// Exchanges a device code for tokens, once the user approved the device (RFC 8628, section 3.4). The gates are asked again
/// at this moment; the code is spent once.
/// </summary>
internal sealed class DeviceGrant(DeviceCodes codes, DevicePolls polls, TokenAnswers answers, IGrainFactory grains, Clock clock)
{
    private static readonly OAuthError Invalid = OAuthError.InvalidGrant("The device code is not valid, or was used already.", "invalid_device_code");

    public async Task<OAuthOutcome<JsonObject>> Redeem(TokenRequest request)
    {
        if (request.Form["device_code"] is not { } text) return OAuthError.InvalidRequest("The device_code is missing.", "missing_device_code");
        var client = request.Client;
        if (await codes.Read(client, text) is not { } record) return Invalid;
        if (clock.Now >= record.ExpiresAt) return new OAuthError("expired_token", "The device code is too old. Ask for another.");
        if (polls.IsTooEarly(record.Id)) return new OAuthError("slow_down", "Wait at least the interval between two questions, and from now on five seconds more.");
        if (await codes.Read(client, record) is not { } device) return Invalid;
        switch (device.Decision)
        {
            case DeviceDecision.Pending:
                return new OAuthError("authorization_pending", "The user has not decided yet.");
            case DeviceDecision.Denied:
                await codes.Spend(client, text);
                return OAuthError.AccessDenied("The user did not let this device in.");
        }

        if (!await codes.Spend(client, text)) return Invalid;
        polls.Forget(record.Id);
        return await Answer(request, device);
    }

    private async Task<OAuthOutcome<JsonObject>> Answer(TokenRequest request, DeviceRequest device)
    {
        var (client, scope) = (request.Client, ScopeList.Parse(device.Scope));
        var admitted = await Admit(request, device, scope);
        if (admitted.Refusal is { } refusal) return refusal.Kind == RefusalKind.NotFound ? OAuthError.AccessDenied("The user may not sign in any more.") : OAuthError.From(refusal);
        if (admitted.Value is not { Subject: { } subject } admission) return OAuthError.AccessDenied("The user may not sign in at the moment.", LoginReasons.Of(admitted.Value!.Status));
        return await answers.Make(request.Snapshot, new UserGrant(client, subject, scope, GrantTypes.DeviceCode)
        {
            AuthenticationType = device.AuthenticationType!,
            SignedIn = device.SignedIn,
            Session = admission.Session,
            SignOnId = device.SignOnId,
            Thumbprint = request.Thumbprint,
            Factor = device.Factor?.Method,
        });
    }

    private async Task<Outcome<Admission>> Admit(TokenRequest request, DeviceRequest device, ScopeList scope)
    {
        var client = request.Client;
        var user = grains.User(client.Tenant.Id, device.UserId!.Value);

        // Who lost its registration since it approved must not get a login recorded for it.
        if (client.OAuth.RequireRegistration)
        {
            var now = await user.Admit(new AdmitUser(client.Application.Id, device.Opened, request.Actor) { Factor = device.Factor });
            if (now.Value is not { Subject.Registered: true }) return now.Value is null ? now : new Admission(LoginStatus.NotRegistered, null, null);
        }

        var wantsRefresh = scope.Contains(Scopes.OfflineAccess) && client.OAuth.GenerateRefreshTokens && client.Allows(GrantTypes.RefreshToken);
        return await user.Admit(new AdmitUser(client.Application.Id, device.Opened, request.Actor)
        {
            Counts = true,
            Factor = device.Factor,
            Session = wantsRefresh ? SessionOf(request, device) : null,
        });
    }

    private static NewSession SessionOf(TokenRequest request, DeviceRequest device) => new(
        Guid.CreateVersion7(),
        device.SignedIn,
        new SessionGrant(device.Scope, device.AuthenticationType!)
        {
            IsPublic = request.Caller.IsPublic,
            Thumbprint = request.Caller.IsPublic ? request.Thumbprint : null,
            SignOnId = device.SignOnId,
        },
        device.Info is { Count: > 0 } info ? JsonText.From(new JsonObject { ["device"] = info.DeepClone() }) : null);
}
