using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using OrleansAuth.Common;

namespace OrleansAuth.Operations;

/// <summary>
/// Describes what this server serves, as an OpenAPI 3.1 document put together from the endpoints themselves when somebody
/// first asks for it. Bodies are described as JSON objects: their members are the contract's.
/// </summary>
internal sealed class OpenApiDocument(EndpointDataSource endpoints)
{
    private const string ApiKey = "apiKey";
    private const string AccessToken = "accessToken";

    private readonly Lazy<byte[]> _document = new(() => ContractJson.Write(Write(endpoints)));

    /// <summary>The document as UTF-8.</summary>
    public byte[] Utf8 => _document.Value;

    private static JsonObject Write(EndpointDataSource endpoints)
    {
        var paths = new JsonObject();
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        var served = endpoints.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<ApiAccessMetadata>() is not null);
        foreach (var endpoint in served.OrderBy(e => Template(e.RoutePattern), StringComparer.Ordinal))
        {
            var path = Template(endpoint.RoutePattern);
            var item = paths[path] as JsonObject ?? [];
            paths[path] ??= item;
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                item[method.ToLowerInvariant()] ??= Operation(endpoint, method, tags);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "OrleansAuth", ["version"] = SystemEndpoints.Version },
            ["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = Components(),
        };
    }

    private static JsonObject Operation(RouteEndpoint endpoint, string method, SortedSet<string> tags)
    {
        var tag = endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags[0] ?? "Other";
        tags.Add(tag);
        var operation = new JsonObject
        {
            ["operationId"] = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? OperationId(endpoint.RoutePattern, method),
            ["tags"] = new JsonArray(tag),
            ["parameters"] = Parameters(endpoint.RoutePattern),
        };
        if (method is "POST" or "PUT" or "PATCH") operation["requestBody"] = new JsonObject { ["content"] = Contents(method) };
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "Done." },
            ["400"] = Reference("responses", "Errors"),
            ["401"] = new JsonObject { ["description"] = "Whoever asks may not do this. The body is empty." },
            ["404"] = new JsonObject { ["description"] = "There is no such thing in this tenant. The body is empty." },
        };
        operation["security"] = Security(endpoint.Metadata.GetMetadata<ApiAccessMetadata>()!.Access);
        return operation;
    }

    /// <summary>The pattern with the names of its parameters and without their constraints.</summary>
    private static string Template(RoutePattern pattern) => string.Concat(pattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => "",
    }))));

    /// <summary>From method and path, and so unique: <c>GET /api/group/member/{memberId}</c> is <c>getGroupMemberByMemberId</c>.</summary>
    private static string OperationId(RoutePattern pattern, string method)
    {
        var id = new StringBuilder(method.ToLowerInvariant());
        foreach (var part in pattern.PathSegments.SelectMany(segment => segment.Parts))
        {
            var (prefix, text) = part is RoutePatternParameterPart parameter ? ("By", parameter.Name) : ("", (part as RoutePatternLiteralPart)?.Content ?? "");
            if (text == "api") continue;
            id.Append(prefix);
            foreach (var word in text.Split(['-', '.', '_'], StringSplitOptions.RemoveEmptyEntries))
                id.Append(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(word[0])}{word[1..]}");
        }

        return id.ToString();
    }

    private static JsonArray Parameters(RoutePattern pattern)
    {
        var parameters = new JsonArray(Reference("parameters", "Tenant"));
        foreach (var parameter in pattern.Parameters)
        {
            var isId = parameter.ParameterPolicies.Any(policy => policy.Content == "guid");
            var schema = new JsonObject { ["type"] = "string" };
            if (isId) schema["format"] = "uuid";
            parameters.Add(new JsonObject { ["name"] = parameter.Name, ["in"] = "path", ["required"] = true, ["schema"] = schema });
        }

        return parameters;
    }

    private static JsonObject Contents(string method)
    {
        var contents = new JsonObject { ["application/json"] = Media("object") };
        if (method != "PATCH") return contents;
        contents["application/merge-patch+json"] = Media("object");
        contents["application/json-patch+json"] = Media("array");
        return contents;
    }

    private static JsonObject Media(string type) => new() { ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonArray Security(ApiAccess access)
    {
        static JsonObject By(string scheme) => new() { [scheme] = new JsonArray() };
        return access switch
        {
            ApiAccess.Key => [By(ApiKey)],
            ApiAccess.KeyOrToken => [By(ApiKey), By(AccessToken)],
            ApiAccess.Token => [By(AccessToken)],
            _ => [],
        };
    }

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static JsonNode Components() => JsonNode.Parse($$"""
        {
          "securitySchemes": {
            "{{ApiKey}}": { "type": "apiKey", "in": "header", "name": "Authorization", "description": "An API key, as it is." },
            "{{AccessToken}}": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }
          },
          "parameters": {
            "Tenant": {
              "name": "{{ApiRequest.TenantHeader}}", "in": "header", "schema": { "type": "string", "format": "uuid" },
              "description": "Which tenant is meant, where there is more than one and the key is not of one tenant."
            }
          },
          "responses": {
            "Errors": {
              "description": "The request is wrong; each error has a code that does not change.",
              "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Errors" } } }
            }
          },
          "schemas": {
            "Error": {
              "type": "object", "required": ["code", "message"],
              "properties": { "code": { "type": "string" }, "message": { "type": "string" } }
            },
            "Errors": {
              "type": "object",
              "properties": {
                "fieldErrors": { "type": "object", "additionalProperties": { "type": "array", "items": { "$ref": "#/components/schemas/Error" } } },
                "generalErrors": { "type": "array", "items": { "$ref": "#/components/schemas/Error" } }
              }
            }
          }
        }
        """)!;
}
