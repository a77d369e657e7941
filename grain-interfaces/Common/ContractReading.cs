using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

/// <summary>Turns a JSON object into a typed one, and a wrong type into an error that names the member.</summary>
public static class ContractReading
{
    /// <param name="root">The name that wraps the object in the request.</param>
    /// <returns>Null when <paramref name="errors"/> got an error.</returns>
    public static T? Read<T>(JsonObject document, string root, Errors errors) where T : class
    {
        try
        {
            return ContractJson.Read<T>(document);
        }
        catch (JsonException error)
        {
            var field = Field(error.Path);
            errors.Add(field, "couldNotConvert", field.Length == 0
                ? $"The [{root}] has the wrong type."
                : $"The [{root}.{field}] has the wrong type or a value that is not one of those allowed.");
            return null;
        }
    }

    /// <summary>From <c>$.oauthConfiguration.clientId</c> to <c>oauthConfiguration.clientId</c>.</summary>
    private static string Field(string? path) => path is null || path.Length < 2 ? "" : path[1..].TrimStart('.');
}
