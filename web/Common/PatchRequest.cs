using System.Text.Json.Nodes;
using OrleansAuth.Configuration;

namespace OrleansAuth.Common;

/// <summary>A PATCH request: which of the contract's three forms, and the patch without what wraps it.</summary>
internal sealed record PatchRequest(ChangeKind Kind, JsonText Change)
{
    /// <param name="root">The name that wraps the object; a JSON Patch addresses it in its paths instead.</param>
    /// <param name="prepare">Adjusts what a merge sends for the object (first argument; the second is the whole body), or refuses it.</param>
    public static async Task<Outcome<PatchRequest>> Read(HttpContext http, string root, Func<JsonObject, JsonObject, Refusal?>? prepare = null)
    {
        var body = await RequestBody.Read(http);
        return body.Refusal is { } malformed ? malformed : From(http, body.Value, root, prepare);
    }

    /// <summary>From a body that was read already, for requests that hold more than the patch.</summary>
    public static Outcome<PatchRequest> From(HttpContext http, JsonNode? body, string root, Func<JsonObject, JsonObject, Refusal?>? prepare = null)
    {
        var type = (http.Request.ContentType ?? "application/json").Split(';')[0].Trim();
        if (type.Equals("application/json-patch+json", StringComparison.OrdinalIgnoreCase))
        {
            return body is JsonArray operations
                ? new PatchRequest(ChangeKind.JsonPatch, JsonText.From(operations))
                : Refusal.Invalid(ContractError.General("[invalidJSON]", "A JSON Patch is an array of operations."));
        }

        var kind = type.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase) ? ChangeKind.MergePatch : ChangeKind.LegacyMerge;
        if (body is not (null or JsonObject)) return Refusal.Invalid(ContractError.General("[invalidJSON]", "The request body must be a JSON object."));
        var whole = body as JsonObject ?? [];
        var sent = whole.Wrapped(root);
        if (sent.Refusal is not null) return sent.Refusal;
        return prepare?.Invoke(sent.Value!, whole) is { } refused ? refused : new PatchRequest(kind, JsonText.From(sent.Value));
    }
}
