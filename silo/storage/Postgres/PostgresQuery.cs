using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace OrleansAuth.Storage;

/// <summary>
/// Turns named parameters into the server's numbered ones, once per text, so that the driver neither parses the text
/// again nor prepares it twice.
/// </summary>
internal static partial class PostgresQuery
{
    // Texts come from code, so there are some dozens; searches combine filters, hence a bound.
    private const int MostTexts = 2000;

    private static readonly ConcurrentDictionary<string, (string Sql, string[] Names)> Rewritten = new();

    /// <summary>Adds the values in the server's order, and answers the text with the server's numbers.</summary>
    public static string Prepare(string sql, (string Name, object? Value)[] parameters, NpgsqlParameterCollection values)
    {
        if (!Rewritten.TryGetValue(sql, out var rewritten))
        {
            if (Rewritten.Count >= MostTexts)
                Rewritten.Clear();
            rewritten = Rewritten[sql] = Rewrite(sql);
        }

        foreach (var name in rewritten.Names)
            values.Add(Parameter(name, parameters));
        return rewritten.Sql;
    }

    /// <summary>A parameter that carries the type of its column, so that a null has one too.</summary>
    public static NpgsqlParameter Typed(ColumnType type, object? value) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = TypeOf(type) };

    /// <summary>A parameter with a value of one column for each of many rows.</summary>
    public static NpgsqlParameter Array(ColumnType type, IReadOnlyList<object?[]> rows, int ordinal) => new()
    {
        Value = type switch
        {
            ColumnType.Text => Each<string>(rows, ordinal),
            ColumnType.Uuid => Each<Guid?>(rows, ordinal),
            ColumnType.Long => Each<long?>(rows, ordinal),
            ColumnType.Bool => Each<bool?>(rows, ordinal),
            _ => Each<byte[]>(rows, ordinal),
        },
        NpgsqlDbType = NpgsqlDbType.Array | TypeOf(type),
    };

    private static T?[] Each<T>(IReadOnlyList<object?[]> rows, int ordinal)
    {
        var values = new T?[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = (T?)rows[i][ordinal];
        return values;
    }

    private static NpgsqlDbType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => NpgsqlDbType.Text,
        ColumnType.Uuid => NpgsqlDbType.Uuid,
        ColumnType.Long => NpgsqlDbType.Bigint,
        ColumnType.Bool => NpgsqlDbType.Boolean,
        _ => NpgsqlDbType.Bytea,
    };

    private static NpgsqlParameter Parameter(string name, (string Name, object? Value)[] parameters)
    {
        foreach (var (known, value) in parameters)
        {
            if (known != name)
                continue;
            return value switch
            {
                null => new NpgsqlParameter { Value = DBNull.Value },
                string text => Typed(ColumnType.Text, StorableText.Repair(text)),
                Guid => Typed(ColumnType.Uuid, value),
                long => Typed(ColumnType.Long, value),
                int number => Typed(ColumnType.Long, (long)number),
                bool => Typed(ColumnType.Bool, value),
                byte[] => Typed(ColumnType.Bytes, value),
                string[] texts => new NpgsqlParameter { Value = System.Array.ConvertAll(texts, StorableText.Repair) },
                Guid[] or long[] => new NpgsqlParameter { Value = value },
                _ => throw new ArgumentException($"A parameter cannot be a {value.GetType().Name}."),
            };
        }

        throw new ArgumentException($"The query's parameter @{name} has no value.");
    }

    private static (string Sql, string[] Names) Rewrite(string sql)
    {
        var names = new List<string>();
        var text = new StringBuilder();
        var from = 0;
        foreach (Match match in Token().Matches(sql))
        {
            var name = match.Groups["name"];
            if (!name.Success)
                continue; // a quoted text
            var number = names.IndexOf(name.Value) + 1;
            if (number == 0)
            {
                names.Add(name.Value);
                number = names.Count;
            }

            text.Append(sql, from, match.Index - from).Append(match.Groups["list"].Success ? $"= any(${number})" : $"${number}");
            from = match.Index + match.Length;
        }

        return (text.Append(sql, from, sql.Length - from).ToString(), [.. names]);
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|(?<list>\bin\s+)?@(?<name>\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
