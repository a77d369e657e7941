using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>
/// A search among the objects of a family. Criteria name members of the object; a text matches anywhere unless it brings
/// its own <c>*</c>, everything else matches exactly.
/// </summary>
internal sealed record ConfigurationSearch(int StartRow, int NumberOfResults, string OrderBy, bool Descending, ImmutableArray<(string Member, string Value)> Criteria)
{
    /// <summary>What a search sorts by that does not say.</summary>
    public const string DefaultOrder = "name";

    private const int MaximumResults = 1_000;
    private static readonly string[] Paging = ["startRow", "numberOfResults", "orderBy"];

    public static Outcome<ConfigurationSearch> FromQuery(IQueryCollection query)
    {
        var search = new JsonObject();
        foreach (var name in query.Keys)
            if (query.Sent(name) is { } value) search[name] = value;
        return From(search);
    }

    public static Outcome<ConfigurationSearch> FromBody(JsonObject body) => body["search"] switch
    {
        null => From([]),
        JsonObject search => From(search),
        _ => Refusal.Invalid(ContractError.At("search", "couldNotConvert", "The [search] must be a JSON object.")),
    };

    /// <summary>The page that was asked for, and how many match in all. What is never shown is not searched either, or a search would tell it.</summary>
    /// <param name="special">The family's own answer to a criterion, or null.</param>
    public (IReadOnlyList<ConfigurationObject> Page, int Total) Run(ConfigurationFamily family, IEnumerable<ConfigurationObject> objects, Func<ConfigurationObject, string, string, bool?>? special = null)
    {
        var matching = objects.Select(o => (Value: o, Node: family.Shown(o))).Where(o => Criteria.All(c => special?.Invoke(o.Value, c.Member, c.Value) ?? Matches(o.Node, c.Member, c.Value))).ToList();
        var sorted = matching.OrderBy(o => SortKey(o.Node), SortOrder.Instance).ThenBy(o => o.Value.Id).Select(o => o.Value).ToList();
        if (Descending) sorted.Reverse();
        return ([.. sorted.Skip(StartRow).Take(NumberOfResults)], sorted.Count);
    }

    private static Outcome<ConfigurationSearch> From(JsonObject search)
    {
        var errors = new Errors("search");
        var start = Number(search, "startRow", 0, 0, int.MaxValue, errors);
        var count = Number(search, "numberOfResults", 25, 0, MaximumResults, errors);
        var order = (Text(search["orderBy"]) ?? DefaultOrder + " ASC").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (order.Length is 0 or > 2 || !Regex.IsMatch(order[0], "^[A-Za-z]{1,64}$") || (order.Length == 2 && order[1].ToUpperInvariant() is not ("ASC" or "DESC")))
            errors.Add("orderBy", "invalid", "The [search.orderBy] is a column, followed by ASC or DESC.");
        if (errors.Any) return errors.Refusal;
        var criteria = search.Where(m => !Paging.Contains(m.Key) && m.Value is JsonValue).Select(m => (m.Key, Text(m.Value)!)).Where(m => m.Item2.Length > 0);
        return new ConfigurationSearch(start, count, order[0], order.Length == 2 && order[1].Equals("DESC", StringComparison.OrdinalIgnoreCase), [.. criteria]);
    }

    private static int Number(JsonObject search, string name, int otherwise, int minimum, int maximum, Errors errors)
    {
        if (search[name] is not { } node) return otherwise;
        if (int.TryParse(Text(node), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum) return value;
        errors.Add(name, "invalid", $"The [search.{name}] must be a whole number from {minimum} to {maximum}.");
        return otherwise;
    }

    private static bool Matches(JsonObject node, string member, string wanted) => node[member] is JsonValue value && Matches(value, wanted);

    private static bool Matches(JsonValue value, string wanted)
    {
        var text = Text(value)!;
        if (value.GetValueKind() != JsonValueKind.String) return text.Equals(wanted, StringComparison.OrdinalIgnoreCase);
        if (Guid.TryParse(text, out var id) && Guid.TryParse(wanted, out var wantedId)) return id == wantedId;
        return wanted.Contains('*', StringComparison.Ordinal)
            ? MatchesPattern(text, wanted.Split('*'))
            : text.Contains(wanted, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the text begins with the first part, ends with the last, and has the others between them in their order.</summary>
    private static bool MatchesPattern(ReadOnlySpan<char> text, string[] parts)
    {
        if (text.Length < parts[0].Length + parts[^1].Length) return false;
        if (!text.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase) || !text.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase)) return false;
        var rest = text[parts[0].Length..^parts[^1].Length];
        foreach (var part in parts.AsSpan(1, parts.Length - 2))
        {
            var found = rest.IndexOf(part, StringComparison.OrdinalIgnoreCase);
            if (found < 0) return false;
            rest = rest[(found + part.Length)..];
        }

        return true;
    }

    private string? SortKey(JsonObject node) => node[OrderBy] is JsonValue value ? Text(value) : null;

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    /// <summary>Numbers by size, everything else as text without regard to case.</summary>
    private sealed class SortOrder : IComparer<string?>
    {
        public static readonly SortOrder Instance = new();

        public int Compare(string? x, string? y) =>
            long.TryParse(x, NumberStyles.Integer, CultureInfo.InvariantCulture, out var a) && long.TryParse(y, NumberStyles.Integer, CultureInfo.InvariantCulture, out var b)
                ? a.CompareTo(b)
                : string.Compare(x, y, StringComparison.OrdinalIgnoreCase);
    }
}
