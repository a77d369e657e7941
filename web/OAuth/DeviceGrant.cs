#pragma warning disable CA1822 // the grant that it hands to comes with the next change
using System.Text.Json.Nodes;

namespace OrleansAuth.OAuth;

/// <summary>Exchanges a device code for tokens, once the user approved the device (RFC 8628, section 3.4).</summary>
internal sealed class DeviceGrant
{
    public Task<OAuthOutcome<JsonObject>> Redeem(TokenRequest request) => Task.FromResult<OAuthOutcome<JsonObject>>(OAuthError.InvalidGrant("The device code is not valid, or not valid any more.", "device_code_not_found"));
}
