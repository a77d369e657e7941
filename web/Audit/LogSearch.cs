using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>
/// What a search or an export of a log asks for, from a query or a body. Members are read one by one; what is wrong with them is collected,
/// and <see cref="Refusal"/> tells all of it.
/// </summary>
internal sealed class LogSearch
{
    private const int MostResults = 1_000;

    private readonly JsonObject _sent;
    private readonly string _root;
    private readonly Errors _errors;

    private LogSearch(JsonObject sent, string root) => (_sent, _root, _errors) = (sent, root, new Errors(root));

    /// <summary>Null where nothing was wrong with what has been read so far.</summary>
    public Refusal? Refusal => _errors.Any ? _errors.Refusal : null;

    /// <summary>From the query of a GET; null members are those that were not sent.</summary>
    public static LogSearch FromQuery(HttpContext http)
    {
        var sent = new JsonObject();
        foreach (var name in http.Request.Query.Keys)
            if (http.Request.Query.Sent(name) is { } value) sent[name] = value;
        return new LogSearch(sent, "search");
    }

    /// <param name="root">The member that holds the criteria; it may be missing.</param>
    public static Outcome<LogSearch> FromBody(JsonObject body, string root) => body[root] switch
    {
        null => new LogSearch([], root),
        JsonObject sent => new LogSearch(sent, root),
        _ => Refusal.Invalid(ContractError.At(root, "couldNotConvert", $"The [{root}] must be a JSON object.")),
    };

    /// <summary>A text, as it was typed; see <see cref="LogPattern"/> for what it may hold.</summary>
    public string? Text(string name)
    {
        if (_sent[name] is not { } node) return null;
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            Wrong(name, "must be a text");
            return null;
        }

        if (text.Length > LogPattern.Longest || text.Count(letter => letter == '*') > LogPattern.MostStars)
            _errors.Add(name, "tooLong", $"The [{_root}.{name}] may have at most {LogPattern.Longest} characters, {LogPattern.MostStars} of them [*].");
        return text;
    }

    /// <summary>One of some words, in the spelling of the contract.</summary>
    public string? Word(string name, IReadOnlyCollection<string> words)
    {
        if (Text(name) is not { Length: > 0 } text) return null;
        if (words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        Wrong(name, words.Count > 10 ? "is not known" : $"must be one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>Milliseconds since 1970, as a number or written out.</summary>
    public long? Instant(string name) => Number(name, long.MinValue, long.MaxValue);

    public Guid? Id(string name)
    {
        if (_sent[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && Guid.TryParse(text, out var id)) return id;
        Wrong(name, "must be a UUID");
        return null;
    }

    /// <param name="orders">The columns that the log sorts by, by their names in the contract.</param>
    public LogPaging Paging(IReadOnlyDictionary<string, string?> orders)
    {
        var order = (Text("orderBy") ?? "insertInstant DESC").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? column = null;
        if (order.Length is 0 or > 2 || !orders.TryGetValue(order[0], out column) || (order.Length == 2 && order[1].ToUpperInvariant() is not ("ASC" or "DESC")))
            Wrong("orderBy", $"must be one of {string.Join(", ", orders.Keys)}, followed by ASC or DESC");
        var descending = order.Length == 2 && order[1].Equals("DESC", StringComparison.OrdinalIgnoreCase);
        return new LogPaging(column, descending, (int)(Number("startRow", 0, int.MaxValue) ?? 0), (int)(Number("numberOfResults", 0, MostResults) ?? 25));
    }

    private long? Number(string name, long minimum, long maximum)
    {
        if (_sent[name] is not { } node) return null;
        var text = node is JsonValue value ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum) return number;
        Wrong(name, minimum == long.MinValue ? "must be a number of milliseconds" : $"must be a whole number from {minimum} to {maximum}");
        return null;
    }

    private void Wrong(string name, string why) => _errors.Add(name, "invalid", $"The [{_root}.{name}] {why}.");
}
