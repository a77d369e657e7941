using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansAuth.Common;

/// <summary>
/// Reads the JSON of a request at the edge: size, depth, encoding and syntax are checked here, once, and what comes out is
/// a JSON object.
/// </summary>
internal static class RequestBody
{
    /// <summary>The largest body of an ordinary request: 1 MiB.</summary>
    public const long Limit = 1024 * 1024;

    /// <summary>The largest body of an import: 64 MiB.</summary>
    public const long ImportLimit = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The body as an object. An absent body is an empty object.</summary>
    public static async Task<Outcome<JsonObject>> ReadObject(HttpContext http, long limit = Limit)
    {
        var body = await Read(http, limit);
        if (body.Refusal is { } refusal) return refusal;
        if (body.Value is null) return new JsonObject();
        return body.Value is JsonObject value ? value : Malformed("The request body must be a JSON object.");
    }

    /// <summary>The body as any JSON; a value of null where there is no body.</summary>
    public static async Task<Outcome<JsonNode>> Read(HttpContext http, long limit = Limit)
    {
        if (http.Request.ContentLength > limit) return TooLarge(limit);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        try
        {
            using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 1024, limit));
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
            return buffer.Length > limit ? TooLarge(limit) : Heard(http, Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(limit);
        }
    }

    /// <summary>The body of a request to the API may also say where the request came from.</summary>
    private static Outcome<JsonNode> Heard(HttpContext http, Outcome<JsonNode> read) =>
        read.Value is JsonObject body && ApiRequest.Find(http)?.Hear(body) is { } refusal ? refusal : read;

    private static Outcome<JsonNode> Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        if (utf8.IsEmpty) return new Outcome<JsonNode>();
        try
        {
            _ = Strict.GetCharCount(utf8);
            var node = JsonNode.Parse(utf8, documentOptions: ContractJson.DocumentOptions);
            Touch(node);
            return node ?? (Outcome<JsonNode>)Malformed("The request body must not be null.");
        }
        catch (DecoderFallbackException)
        {
            return Malformed("The request body is not valid UTF-8.");
        }
        catch (JsonException error)
        {
            return Malformed($"The request body is not valid JSON: something is wrong in line {error.LineNumber + 1} near position {error.BytePositionInLine + 1}, or it is nested deeper than {ContractJson.MaximumDepth}.");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return Malformed("The request body names a member twice, or holds text that is not valid Unicode.");
        }
    }

    /// <summary>Nodes are read lazily; a member named twice or half of a surrogate pair must surface here and not in a handler.</summary>
    private static void Touch(JsonNode? node)
    {
        if (node is JsonObject value)
            foreach (var (_, child) in value) Touch(child);
        else if (node is JsonArray list)
            foreach (var item in list) Touch(item);
        else if (node is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            text.GetValue<string>();
    }

    private static Refusal Malformed(string message) => Refusal.Invalid(ContractError.General("[invalidJSON]", message));

    private static Refusal TooLarge(long limit) => Refusal.Invalid(ContractError.General("[tooLarge]", $"The request body may have at most {limit / 1024} KiB."));
}

/// <summary>Reads members of a request object, and says in the contract's form when one has the wrong type.</summary>
internal static class RequestMembers
{
    /// <summary>The object that a request wraps under its name; an error where it is missing.</summary>
    public static Outcome<JsonObject> Wrapped(this JsonObject body, string name) => body[name] is JsonObject value
        ? value
        : Refusal.Invalid(ContractError.At(name, body[name] is null ? "missing" : "couldNotConvert", $"The request must have a JSON object [{name}]."));

    public static string? Text(this JsonObject body, string name, Errors errors) => Value<string>(body, name, errors, "a text");

    public static bool Flag(this JsonObject body, string name, Errors errors, bool otherwise = false) => Value<bool?>(body, name, errors, "true or false") ?? otherwise;

    /// <param name="inside">The object is the wrapped one, so that the error's path begins with the wrapping name.</param>
    public static Guid? Id(this JsonObject body, string name, Errors errors, bool inside = false) => Value<Guid?>(body, name, errors, "a UUID", inside);

    public static long? Number(this JsonObject body, string name, Errors errors) => Value<long?>(body, name, errors, "a whole number");

    private static T? Value<T>(JsonObject body, string name, Errors errors, string what, bool inside = false)
    {
        if (body[name] is not { } node) return default;
        try
        {
            return node.Deserialize<T>(ContractJson.Options);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            if (inside) errors.Add(name, "couldNotConvert", $"The [{name}] must be {what}.");
            else errors.AddField(name, "couldNotConvert", $"The [{name}] must be {what}.");
            return default;
        }
    }
}
