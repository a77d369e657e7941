using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>Reads what browsers answer to a ceremony, in the contract's form. What it means is for the grain to say.</summary>
internal static class PasskeyAnswers
{
    private const string Type = "public-key";
    private const int MostTransports = 10;

    /// <summary>A new passkey; null after an error.</summary>
    public static (PasskeyRegistration Registration, bool IsDiscoverable, ImmutableArray<string> Transports)? ReadNew(JsonObject credential, Errors errors)
    {
        var (response, id) = Common(credential, errors);
        var client = Bytes(response, "response.clientDataJSON", ClientData.Longest, errors);
        var attestation = Bytes(response, "response.attestationObject", CborReader.Longest, errors);
        var transports = ReadTransports(credential["transports"] ?? response?["transports"], errors);
        if (errors.Any) return null;
        var discoverable = (credential["clientExtensionResults"] as JsonObject)?["credProps"] is JsonObject properties && properties["rk"] is JsonValue rk && rk.TryGetValue<bool>(out var is_) && is_;
        return (new PasskeyRegistration(id!.Value, client!.Value, attestation!.Value), discoverable, transports);
    }

    /// <summary>The use of a passkey; null after an error.</summary>
    public static PasskeyAssertion? ReadUse(JsonObject credential, Errors errors)
    {
        var (response, id) = Common(credential, errors);
        var client = Bytes(response, "response.clientDataJSON", ClientData.Longest, errors);
        var data = Bytes(response, "response.authenticatorData", CborReader.Longest, errors);
        var signature = Bytes(response, "response.signature", 4096, errors);
        // Browsers say null, and libraries around them an empty text, where the authenticator says nothing.
        ReadOnlyMemory<byte>? handle = response?["userHandle"] is { } sent && sent.ToString().Length > 0 ? Bytes(response, "response.userHandle", 64, errors) : null;
        return errors.Any ? null : new PasskeyAssertion(id!.Value, client!.Value, data!.Value, signature!.Value, handle);
    }

    /// <summary>Hints how an authenticator can be reached: what is not known now may be later, so only the form counts.</summary>
    public static ImmutableArray<string> ReadTransports(JsonNode? sent, Errors errors)
    {
        if (sent is null) return [];
        if (sent is JsonArray { Count: <= MostTransports } list && list.All(t => t is JsonValue value && value.TryGetValue<string>(out var name) && name.Length is > 0 and <= 32 && name.All(c => c == '-' || char.IsAsciiLetterOrDigit(c))))
            return [.. list.Select(t => (string)t!).Distinct()];
        errors.Add("transports", "invalid", "The transports are a list of at most ten names such as [internal] or [usb].");
        return [];
    }

    /// <summary>Bytes in base64url; null where the text is none, is empty or says more bytes than there may be.</summary>
    public static byte[]? Decode(string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= (longest * 4L / 3) + 4 && Base64Url.IsValid(text, out var length) && length > 0 && length <= longest ? Base64Url.DecodeFromChars(text) : null;

    private static (JsonObject? Response, ReadOnlyMemory<byte>? Id) Common(JsonObject credential, Errors errors)
    {
        var response = credential["response"] as JsonObject;
        if (response is null) errors.Add("response", "missing", "The credential must have a JSON object [response].");
        if (credential["type"] is not JsonValue type || !type.TryGetValue<string>(out var name) || name != Type) errors.Add("type", "invalid", $"The type of the credential must be [{Type}].");
        return (response, Bytes(credential, "id", AuthenticatorData.LongestCredentialId, errors));
    }

    private static ReadOnlyMemory<byte>? Bytes(JsonObject? holder, string path, int longest, Errors errors)
    {
        if (holder is null) return null;
        if (holder[path[(path.LastIndexOf('.') + 1)..]] is JsonValue value && value.TryGetValue<string>(out var text) && Decode(text, longest) is { } bytes) return bytes;
        errors.Add(path, "invalid", $"The [credential.{path}] must be bytes in base64url, at most {longest}.");
        return null;
    }
}
