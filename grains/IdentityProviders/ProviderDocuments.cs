using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>What a provider says about itself (OpenID Connect Discovery, section 3), as far as it is used.</summary>
/// <param name="SaysIssuer">Its answers through the browser name their issuer (RFC 9207, section 3).</param>
/// <param name="Keys">The keys that can sign its tokens; none that could be made up by who knows a public key or a client secret.</param>
internal sealed record ProviderMetadata(string? AuthorizationEndpoint, string? TokenEndpoint, string? UserinfoEndpoint, bool SaysIssuer, ImmutableArray<JsonWebKey> Keys)
{
    /// <summary>When it was read, milliseconds since 1970.</summary>
    public required long ReadAt { get; init; }
}

/// <summary>
/// Discovery documents and keys of providers, read once an hour by each process; keys again when a token names one that is
/// not known, at most once in half a minute, so that made-up key ids make no requests.
/// </summary>
internal sealed class ProviderDocuments(UpstreamHttp http, Clock clock)
{
    private const long Lifetime = 3_600_000;
    private const long FreshKeys = 30_000;
    private const long FreshFault = 5_000;
    private const int MostProviders = 1_000;
    private const int MostKeys = 100;
    private const int ShortestRsa = 2_048;

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>What is known of the issuer, or why nothing is, for operators.</summary>
    /// <param name="asksAnew">Something was missing: what was read more than half a minute ago is read again.</param>
    public async Task<(ProviderMetadata? Metadata, string? Fault)> Of(string issuer, bool asksAnew = false)
    {
        if (_slots.Count > MostProviders) _slots.Clear();
        var slot = _slots.GetOrAdd(issuer, _ => new Slot());
        await slot.Turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (slot.Known is { } known && clock.Now - known.ReadAt < (asksAnew ? FreshKeys : Lifetime)) return (known, null);
            // Whoever queued up behind a provider that does not answer must not each wait for it anew.
            if (slot.Fault is { } before && clock.Now - slot.FaultAt < FreshFault) return (null, before);
            var (read, fault) = await Read(issuer).ConfigureAwait(false);
            if (read is not null) slot.Known = read;
            (slot.Fault, slot.FaultAt) = (fault, clock.Now);
            return (read, fault);
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private async Task<(ProviderMetadata?, string?)> Read(string issuer)
    {
        var (document, fault) = await Get($"{issuer.TrimEnd('/')}/.well-known/openid-configuration").ConfigureAwait(false);
        if (document is not { } said) return (null, $"Its discovery document could not be read. {fault}");
        // Exactly, or anybody's document could speak for it (OpenID Connect Discovery, section 4.3).
        if (Text(said, "issuer") != issuer) return (null, "Its discovery document is of another issuer.");
        if (Text(said, "jwks_uri") is not { } address) return (null, "Its discovery document does not say where its keys are.");
        var (set, noKeys) = await Get(address).ConfigureAwait(false);
        if (set is not { } keys) return (null, $"Its keys could not be read. {noKeys}");
        var saysIssuer = said.TryGetProperty("authorization_response_iss_parameter_supported", out var says) && says.ValueKind == JsonValueKind.True;
        var metadata = new ProviderMetadata(Text(said, "authorization_endpoint"), Text(said, "token_endpoint"), Text(said, "userinfo_endpoint"), saysIssuer, Keys(keys)) { ReadAt = clock.Now };
        return (metadata, null);
    }

    private async Task<(JsonElement?, string?)> Get(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return (null, "The address is none.");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var answer = await http.Send(request).ConfigureAwait(false);
        if (answer.Fault is { } fault) return (null, fault);
        if (!answer.IsSuccess) return (null, $"The answer was {answer.Status}.");
        return UpstreamJson.Read(answer.Body) is { } document ? (document, null) : (null, "The answer is no JSON object.");
    }

    private static ImmutableArray<JsonWebKey> Keys(JsonElement set)
    {
        if (!set.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array) return [];
        return [.. list.EnumerateArray().Take(MostKeys).Select(Key).OfType<JsonWebKey>()];
    }

    /// <summary>Null for a key that is not for signatures, is too weak, or is none.</summary>
    private static JsonWebKey? Key(JsonElement entry)
    {
        try
        {
            var key = new JsonWebKey(entry.GetRawText());
            if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve) || key.Use is not (null or "" or "sig")) return null;
            return key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < ShortestRsa ? null : key;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or SecurityTokenException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement document, string member) =>
        document.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 2_048 } text ? text : null;

    private sealed class Slot
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public ProviderMetadata? Known { get; set; }

        /// <summary>Why the last attempt came to nothing; null where it came to something.</summary>
        public string? Fault { get; set; }

        public long FaultAt { get; set; }
    }
}

/// <summary>Reads what providers answer.</summary>
internal static class UpstreamJson
{
    /// <summary>A JSON object that names nothing twice, or null.</summary>
    public static JsonElement? Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = ContractJson.MaximumDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            Touch(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return null;
        }
    }
    /// <summary>Texts are read lazily; half of a surrogate pair must surface here and not where somebody looks at a claim.</summary>
    private static void Touch(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Touch(item);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject())
            {
                _ = member.Name;
                Touch(member.Value);
            }
    }
}
