using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;

namespace OrleansAuth.WebAuthn;

/// <summary>Takes over passkeys that were made elsewhere for the same domain. All are checked before the first is stored.</summary>
internal static class PasskeyImport
{
    private const int LongestName = 255;
    private static readonly string[] Attestations = ["none", "self", "basic", "attestation-ca", "anonymization-ca"];

    public static void MapPasskeyImport(this IEndpointRouteBuilder routes) => routes.MapPost("/api/webauthn/import", Import).Allow(ApiAccess.Key);

    private static async Task<IResult> Import(ApiRequest request, UserQueries users, PasskeyQueries passkeys, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http, RequestBody.ImportLimit);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var tenant = request.RequireTenant();
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        if (sent["credentials"] is not JsonArray { Count: > 0 } list) return ErrorResponses.From(Refusal.Invalid(ContractError.At("credentials", "missing", "The request must have a list [credentials].")));
        var errors = new Errors("");
        var read = list.Select((item, index) => Read(item, $"credentials[{index}]", request.Now.ToUnixTimeMilliseconds(), errors)).ToList();
        await Check(read, tenant.Value, users, passkeys, errors, request.Http.RequestAborted);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        foreach (var user in read.GroupBy(r => r.UserId))
        {
            var command = new ImportPasskeys(JsonText.From(user.Select(r => r.Passkey).ToImmutableArray()), request.Actor);
            if ((await grains.UserPasskeys(tenant.Value, user.Key).Import(command)).Refusal is { } refusal) return ErrorResponses.From(refusal);
        }

        return ContractResults.Empty;
    }

    /// <summary>What only other rows can say: the users are there, and the credentials are not.</summary>
    private static async Task Check(List<(Guid UserId, StoredPasskey Passkey)> read, Guid tenantId, UserQueries users, PasskeyQueries passkeys, Errors errors, CancellationToken stop)
    {
        if (errors.Any) return;
        var known = (await users.FindAll([.. read.Select(r => r.UserId).Distinct()], stop)).Where(u => u.User.TenantId == tenantId).Select(u => u.User.Id).ToHashSet();
        var (ids, credentials) = (new HashSet<Guid>(), new HashSet<string>());
        for (var i = 0; i < read.Count; i++)
        {
            var (userId, passkey) = read[i];
            if (!known.Contains(userId)) errors.AddField($"credentials[{i}].userId", "invalid", $"There is no user with the Id [{userId}] in this tenant.");
            if (!credentials.Add(passkey.CredentialId) || await passkeys.FindUser(tenantId, PasskeyAnswers.Decode(passkey.CredentialId, AuthenticatorData.LongestCredentialId), stop) is not null)
                errors.AddField($"credentials[{i}].credentialId", "duplicate", "This passkey is registered already.");
            if (!ids.Add(passkey.Id) || await passkeys.Find(passkey.Id, stop) is not null) errors.AddField($"credentials[{i}].id", "duplicate", "A passkey with this Id already exists.");
        }
    }

    private static (Guid UserId, StoredPasskey Passkey) Read(JsonNode? item, string path, long now, Errors all)
    {
        var (errors, sent) = (new Errors(path), item as JsonObject ?? []);
        var (credential, key, party, displayName, name) = (Text(sent, "credentialId", errors, 1400), Text(sent, "publicKey", errors, 8192), Text(sent, "relyingPartyId", errors), Text(sent, "displayName", errors), Text(sent, "name", errors));
        if (credential is not null && PasskeyAnswers.Decode(credential, AuthenticatorData.LongestCredentialId) is null) errors.Add("credentialId", "invalid", "The credentialId must be bytes in base64url.");
        if (party is not null && !RelyingParty.IsId(party)) errors.Add("relyingPartyId", "invalid", "The relyingPartyId must be a domain.");
        var algorithm = Number(sent, "algorithm", errors) ?? 0;
        if (key is not null && PasskeyKey.Read(key, algorithm) is null) errors.Add("publicKey", "invalid", "The publicKey must be a public key as PEM, and fit the algorithm.");
        var attestation = Name(sent["attestationType"], errors);
        var transports = PasskeyAnswers.ReadTransports(sent["transports"], errors);
        var userId = sent.Id("userId", errors, inside: true);
        if (userId is null && !errors.Any) errors.Add("userId", "blank", "The userId must not be blank.");
        var passkey = new StoredPasskey
        {
            Id = sent.Id("id", errors, inside: true) ?? Guid.CreateVersion7(),
            CredentialId = credential ?? "",
            PublicKey = key ?? "",
            Algorithm = algorithm,
            RelyingPartyId = party ?? "",
            DisplayName = displayName ?? "",
            Name = name ?? "",
            AttestationType = attestation,
            VerifiesUser = sent.Flag("authenticatorSupportsUserVerification", errors),
            IsDiscoverable = sent.Flag("discoverable", errors),
            SignCount = Math.Clamp(Number(sent, "signCount", errors) ?? 0, 0, uint.MaxValue),
            Transports = transports,
            UserAgent = sent["userAgent"] is null ? null : Text(sent, "userAgent", errors),
            InsertInstant = Number(sent, "insertInstant", errors) ?? now,
            LastUseInstant = Number(sent, "lastUseInstant", errors) ?? now,
            Data = sent["data"] is JsonObject data ? data.Deserialize<JsonElement>(ContractJson.Options) : null,
        };
        foreach (var error in errors.ToImmutable()) all.AddField(error.Field!, error.Code[1..error.Code.IndexOf(']', StringComparison.Ordinal)], error.Message);
        return (userId ?? default, passkey);
    }

    private static string? Text(JsonObject sent, string name, Errors errors, int longest = LongestName)
    {
        var text = sent[name] is JsonValue value && value.TryGetValue<string>(out var given) ? given : null;
        if (string.IsNullOrWhiteSpace(text)) errors.Add(name, "blank", $"The {name} must not be blank.");
        else if (text.Length > longest) errors.Add(name, "tooLong", $"The {name} may have at most {longest} characters.");
        return text;
    }

    private static long? Number(JsonObject sent, string name, Errors errors)
    {
        if (sent[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<long>(out var number)) return number;
        errors.Add(name, "couldNotConvert", $"The {name} must be a whole number.");
        return null;
    }

    private static string Name(JsonNode? sent, Errors errors)
    {
        var name = sent is JsonValue value && value.TryGetValue<string>(out var text) ? text : sent is null ? "none" : "";
        name = name switch { "attestationCa" => "attestation-ca", "anonymizationCa" => "anonymization-ca", _ => name };
        if (!Attestations.Contains(name)) errors.Add("attestationType", "invalid", $"The attestationType is one of {string.Join(", ", Attestations)}.");
        return name;
    }
}
