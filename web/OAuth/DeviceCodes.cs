using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>What became of a device's request.</summary>
internal enum DeviceDecision { Pending, Approved, Denied }

/// <summary>A device that asked for a login, under its user code. Stored as JSON: members are only added.</summary>
internal sealed record DeviceRequest
{
    /// <summary>The device code's record names the same, so that a user code which came again belongs to nobody else's device.</summary>
    public required Guid Id { get; init; }

    public required Guid ApplicationId { get; init; }

    public required string Scope { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long ExpiresAt { get; init; }

    public DeviceDecision Decision { get; init; }

    /// <summary>The contract's <c>deviceInfo</c> as far as the device described itself; nothing of it is proved.</summary>
    public JsonObject? Info { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>Who approved, and how and when that user had signed in; instants are milliseconds since 1970.</summary>
    public Guid? UserId { get; init; }
    public string? AuthenticationType { get; init; }
    public long SignedIn { get; init; }
    public long Opened { get; init; }

    /// <summary>The second factor that the session's user proved; null for none.</summary>
    public Mfa.FactorProof? Factor { get; init; }
    public Guid? SignOnId { get; init; }
}

/// <summary>What a device code leads to. Stored as JSON.</summary>
internal sealed record DeviceCodeRecord(Guid Id, Guid ApplicationId, string UserCode, long ExpiresAt);

/// <summary>What the device gets.</summary>
/// <param name="ExpiresIn">In seconds.</param>
internal sealed record IssuedDeviceCode(string DeviceCode, string UserCode, int ExpiresIn);

/// <summary>A device whose code somebody typed, still waiting.</summary>
/// <param name="UserCode">In the form that it is kept under.</param>
internal sealed record WaitingDevice(OAuthClient Client, string UserCode, long Version, DeviceRequest Request);

/// <summary>Who approves a device.</summary>
internal sealed record DeviceApproval(Guid UserId, string AuthenticationType, long SignedIn, long Opened, Guid? SignOnId)
{
    /// <summary>The second factor that was proved; null for none.</summary>
    public Mfa.FactorProof? Factor { get; init; }
}

/// <summary>
/// Codes of devices (RFC 8628): a long one that the device holds and a short one that a person types. What a person decided
/// is kept under the short one; the long one leads there and is spent once.
/// </summary>
internal sealed class DeviceCodes(IGrainFactory grains, ConfigurationReader configuration, GuessLimits guesses, Clock clock)
{
    /// <summary>How long a device is told that its code is too old, before it becomes unknown; in milliseconds.</summary>
    private const long Remembered = 3_600_000;

    private const int Tries = 8;

    public async Task<Outcome<IssuedDeviceCode>> Issue(OAuthClient client, ScopeList scope, JsonObject info, string? address)
    {
        var settings = client.Tenant.ExternalIdentifierConfiguration;
        var end = clock.Now + (settings.DeviceCodeTimeToLiveInSeconds * 1000L);
        var request = new DeviceRequest { Id = Guid.NewGuid(), ApplicationId = client.Application.Id, Scope = scope.ToString(), ExpiresAt = end, Info = info, Address = address };
        var userCode = "";
        Outcome<IdentifierView> issued = Refusal.Conflict;
        for (var attempt = 0; attempt < Tries && issued.Refusal is { Kind: RefusalKind.Conflict }; attempt++)
        {
            userCode = IdentifierText.New(settings.DeviceUserCodeIdGenerator);
            issued = await grains.Identifier(IdentifierKinds.DeviceUserCode, Plain(userCode)).Issue(new IssueIdentifier(client.Tenant.Id, end, JsonText.From(request)));
        }

        // So many live codes of a short shape that none is free: better later than one that can be guessed.
        if (issued.Value is null) return issued.Refusal!.Kind == RefusalKind.Conflict ? Refusal.Busy(TimeSpan.FromSeconds(5)) : issued.Refusal;
        var text = IdentifierText.New();
        var record = new DeviceCodeRecord(request.Id, request.ApplicationId, Plain(userCode), end);
        var kept = await grains.Identifier(IdentifierKinds.DeviceCode, text).Issue(new IssueIdentifier(client.Tenant.Id, end + Remembered, JsonText.From(record)));
        return kept.Then(_ => new IssuedDeviceCode(text, userCode, settings.DeviceCodeTimeToLiveInSeconds));
    }

    /// <summary>The device that waits under a code as somebody typed it: in any case, with whatever between the characters.</summary>
    /// <param name="tenantId">The tenant that it must be of; null where only the code says which.</param>
    /// <param name="applicationId">The application that it must be of; null for any.</param>
    /// <param name="from">Whose guess it is if it is wrong.</param>
    public async Task<OAuthOutcome<WaitingDevice>> Find(string typed, Guid? tenantId, Guid? applicationId, IPAddress? from)
    {
        var plain = Plain(typed);
        if (guesses.Charge(from) is { } wait) return TooMany(wait);
        if (plain.Length == 0 || await grains.Identifier(IdentifierKinds.DeviceUserCode, plain).Read(tenantId) is not { } view) return Unknown;
        var request = view.Content.Read<DeviceRequest>();
        if (request.Decision != DeviceDecision.Pending || clock.Now >= request.ExpiresAt || (applicationId is { } wanted && wanted != request.ApplicationId)) return Unknown;
        if (OAuthClient.Find(configuration.Current, view.TenantId, request.ApplicationId) is not { } client || !client.Allows(GrantTypes.DeviceCode)) return Unknown;
        guesses.Refund(from);
        return new WaitingDevice(client, plain, view.Version, request);
    }

    /// <summary>Notes the decision; false where the device does not wait any more.</summary>
    /// <param name="approval">Null where the user said no.</param>
    public async Task<bool> Decide(WaitingDevice device, DeviceApproval? approval)
    {
        var decided = approval is null ? device.Request with { Decision = DeviceDecision.Denied } : device.Request with
        {
            Decision = DeviceDecision.Approved,
            UserId = approval.UserId,
            AuthenticationType = approval.AuthenticationType,
            SignedIn = approval.SignedIn,
            Opened = approval.Opened,
            Factor = approval.Factor,
            SignOnId = approval.SignOnId,
        };
        var changed = await grains.Identifier(IdentifierKinds.DeviceUserCode, device.UserCode).Change(
            new ChangeIdentifier(device.Client.Tenant.Id, device.Version, JsonText.From(decided)));
        return changed.Refusal is null;
    }

    /// <summary>What a device code leads to, also for a while after its time; null where it was never issued to this client or is spent.</summary>
    public async Task<DeviceCodeRecord?> Read(OAuthClient client, string code)
    {
        var view = await grains.Identifier(IdentifierKinds.DeviceCode, code).Read(client.Tenant.Id);
        return view?.Content.Read<DeviceCodeRecord>() is { } record && record.ApplicationId == client.Application.Id ? record : null;
    }

    /// <summary>The request of the device, with what was decided; null where it is over.</summary>
    public async Task<DeviceRequest?> Read(OAuthClient client, DeviceCodeRecord record)
    {
        var view = await grains.Identifier(IdentifierKinds.DeviceUserCode, record.UserCode).Read(client.Tenant.Id);
        return view?.Content.Read<DeviceRequest>() is { } request && request.Id == record.Id ? request : null;
    }

    /// <summary>Uses the device code up; false where somebody did before.</summary>
    public async Task<bool> Spend(OAuthClient client, string code) =>
        (await grains.Identifier(IdentifierKinds.DeviceCode, code).Spend(new SpendIdentifier(client.Tenant.Id))).Refusal is null;

    /// <summary>A code without what people put between its characters, in upper case.</summary>
    private static string Plain(string typed) => typed.Length > 128 ? "" : string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static OAuthError Unknown { get; } = OAuthError.InvalidRequest("The code is not valid, or not valid any more.", "invalid_user_code");

    private static OAuthError TooMany(TimeSpan wait) => new("slow_down", "There were too many wrong codes. Try again after the time in the Retry-After header.")
    {
        Reason = "too_many_user_codes",
        Status = StatusCodes.Status429TooManyRequests,
        RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
    };
}
