using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>
/// Reads the part of Elasticsearch's query language that has a meaning here: <c>match_all</c>, <c>bool</c>, <c>match</c>,
/// <c>match_phrase</c>, <c>term</c>, <c>terms</c>, <c>prefix</c>, <c>wildcard</c>, <c>range</c>, <c>exists</c>, <c>ids</c>,
/// <c>query_string</c>, <c>constant_score</c>, and <c>nested</c> on registrations and memberships.
/// </summary>
public sealed class UserElasticQuery
{
    private const int MaximumLength = 16_384;
    private const int MaximumDepth = 24;
    private const int MaximumValues = 250;

    private readonly Func<string, UserField> _named;

    private UserElasticQuery(Func<string, UserField> named) => _named = named;

    /// <param name="named">The field of a name; those of users unless given.</param>
    /// <exception cref="UserQueryException">The query is not JSON, or asks for what is not supported here.</exception>
    public static UserFilter Parse(string query, Func<string, UserField>? named = null)
    {
        if (query.Length > MaximumLength) throw new UserQueryException($"The query may have at most {MaximumLength} characters.");
        try
        {
            var node = JsonNode.Parse(query, documentOptions: ContractJson.DocumentOptions) as JsonObject ?? throw new UserQueryException("The query must be a JSON object.");
            return new UserElasticQuery(named ?? UserField.Named).Clause(node["query"] is JsonObject inner && node.Count == 1 ? inner : node, 0);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new UserQueryException("The query is not well-formed JSON, or a value has the wrong type.", error);
        }
    }

    private UserFilter Clause(JsonNode? node, int depth)
    {
        if (depth > MaximumDepth) throw new UserQueryException($"The query may be nested at most {MaximumDepth} deep.");
        if (node is not JsonObject clause || clause.Count != 1) throw new UserQueryException("A clause of the query is an object with one member.");
        var (kind, body) = clause.First();
        if (body is not JsonObject value) throw new UserQueryException($"The clause [{Short(kind)}] must be an object.");
        return kind switch
        {
            "match_all" => UserFilter.Everybody,
            "match_none" => new UserFilter.Some([]),
            "bool" => Bool(value, depth),
            "constant_score" => Clause(value["filter"], depth + 1),
            "nested" => Nested(value, depth),
            "ids" => new UserFilter.OneOf(_named("id"), Ids(value["values"])),
            "exists" => new UserFilter.Exists(_named(Text(value["field"]))),
            "query_string" or "simple_query_string" => UserQueryString.Parse(Text(value["query"])),
            "match" or "match_phrase" or "term" => OnField(value, "query", "value", static (field, text) => UserFilters.Match(field, text, wild: false)),
            "prefix" => OnField(value, "value", "prefix", static (field, text) => UserFilters.Match(field, Literal(text) + "*", wild: true)),
            "wildcard" => OnField(value, "value", "wildcard", static (field, text) => UserFilters.Match(field, text, wild: true)),
            "terms" => Terms(value),
            "range" => Range(value),
            _ => throw new UserQueryException($"The clause [{Short(kind)}] is not supported. Supported are bool, constant_score, exists, ids, match, match_all, match_phrase, nested, prefix, query_string, range, term, terms and wildcard."),
        };
    }

    private UserFilter.All Bool(JsonObject value, int depth)
    {
        var must = ImmutableArray.CreateBuilder<UserFilter>();
        var should = ImmutableArray<UserFilter>.Empty;
        foreach (var (name, clauses) in value)
        {
            switch (name)
            {
                case "must" or "filter":
                    must.AddRange(Clauses(clauses, depth));
                    break;
                case "must_not":
                    must.AddRange(Clauses(clauses, depth).Select(c => new UserFilter.Not(c)));
                    break;
                case "should":
                    should = Clauses(clauses, depth);
                    break;
                case "boost" or "minimum_should_match" or "adjust_pure_negative":
                    break;
                default:
                    throw new UserQueryException($"A bool clause has no member [{Short(name)}].");
            }
        }

        // Beside what must hold, the rest only raises the score, which there is none of here.
        var required = value["minimum_should_match"] is JsonValue least ? Text(least) != "0" : must.Count == 0;
        if (!should.IsEmpty && required) must.Add(new UserFilter.Some(should));
        return new UserFilter.All(must.ToImmutable());
    }

    private ImmutableArray<UserFilter> Clauses(JsonNode? node, int depth)
    {
        if (node is not JsonArray list) return [Clause(node, depth + 1)];
        if (list.Count > MaximumValues) throw new UserQueryException($"A bool clause may have at most {MaximumValues} parts.");
        return [.. list.Select(item => Clause(item, depth + 1))];
    }

    private UserFilter.Within Nested(JsonObject value, int depth)
    {
        // Only a table that has the fields of a registration or membership has anything nested.
        _named($"{Text(value["path"])}.id");
        var group = Text(value["path"]) switch
        {
            "registrations" => UserFieldGroup.Registrations,
            "memberships" => UserFieldGroup.Memberships,
            var path => throw new UserQueryException($"There is nothing nested under [{Short(path)}]; there is under registrations and memberships."),
        };
        return new UserFilter.Within(group, Clause(value["query"], depth + 1));
    }

    private UserFilter OnField(JsonObject value, string first, string second, Func<UserField, string, UserFilter> make)
    {
        if (value.Count != 1) throw new UserQueryException("A clause on a field names one field.");
        var (name, wanted) = value.First();
        return make(_named(name), Text(wanted is JsonObject options ? options[first] ?? options[second] : wanted));
    }

    private UserFilter.Some Terms(JsonObject value)
    {
        var (name, wanted) = value.FirstOrDefault(m => m.Key != "boost");
        if (wanted is not JsonArray { Count: <= MaximumValues } list) throw new UserQueryException($"A terms clause names a field and at most {MaximumValues} values.");
        var field = _named(name);
        return new UserFilter.Some([.. list.Select(item => UserFilters.Match(field, Text(item), wild: false))]);
    }

    private UserFilter.Between Range(JsonObject value)
    {
        if (value.Count != 1 || value.First().Value is not JsonObject ends) throw new UserQueryException("A range clause names one field and its ends.");
        var field = _named(value.First().Key);
        object? End(string included, string excluded) => (ends[included] ?? ends[excluded]) is { } end ? field.Value(Text(end)) : null;
        return new UserFilter.Between(field, End("gte", "gt"), ends["gte"] is not null, End("lte", "lt"), ends["lte"] is not null);
    }

    private static Guid[] Ids(JsonNode? node) => node is JsonArray { Count: <= MaximumValues } list
        ? [.. list.Select(item => Guid.Parse(Text(item)))]
        : throw new UserQueryException($"An ids clause has at most {MaximumValues} values.");

    private static string Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length <= 256 ? text : throw new UserQueryException("A value may have at most 256 characters."),
        JsonValue value => value.ToJsonString(),
        _ => throw new UserQueryException("The query lacks a value, or has one of the wrong type."),
    };

    // Prefixes have no wildcards of their own; where a caller wrote one, any one character stands for it.
    private static string Literal(string text) => text.Replace('*', '?');

    private static string Short(string text) => text.Length > 64 ? text[..64] : text;
}
