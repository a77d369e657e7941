using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansAuth.Storage;

/// <summary>
/// Binds the named parameters of a query. SQLite has no arrays: a list travels as one JSON text, and <c>in @name</c>
/// becomes a subquery over it, so the text stays the same for lists of any length.
/// </summary>
internal static partial class SqliteQuery
{
    public static SqliteStatement Prepare(SqliteLink link, string sql, (string Name, object? Value)[] parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is Array and not byte[])
                sql = List().Replace(sql, match => match.Groups[1].Value == name ? Expand(name, value) : match.Value);
        }

        var statement = link.Prepare(sql);
        for (var i = 0; i < statement.Parameters.Count; i++)
            statement.Bind(i + 1, Value(statement.Parameters[i].AsSpan(1), parameters));
        return statement;
    }

    private static object? Value(ReadOnlySpan<char> name, (string Name, object? Value)[] parameters)
    {
        foreach (var (known, value) in parameters)
        {
            if (!name.SequenceEqual(known))
                continue;
            return value switch
            {
                Guid[] ids => JsonSerializer.Serialize(ids.Select(id => id.ToString("N"))),
                long[] numbers => JsonSerializer.Serialize(numbers),
                string[] texts => JsonSerializer.Serialize(Array.ConvertAll(texts, StorableText.Repair)),
                string text => StorableText.Repair(text),
                _ => value,
            };
        }

        throw new ArgumentException($"The query's parameter @{name} has no value.");
    }

    private static string Expand(string name, object value) => value is Guid[]? $"in (select unhex(value) from json_each(@{name}))"
        : $"in (select value from json_each(@{name}))";

    [GeneratedRegex(@"\bin\s+@(\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex List();
}
