using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>
/// The row statements of a group of commits. Rows of one shape share a statement whichever commits they are of: the server then parses,
/// plans and answers once for all of them, and an insert reaches every index once. Within a table they keep their order, so a row
/// joins the last statement of its table or begins another one; between tables nothing depends on an order but the numbering of a log's events.
/// </summary>
internal sealed class PostgresRows
{
    private static readonly TableSql Sql = new('$');

    private readonly List<Shared> _statements = [];
    private readonly Dictionary<Table, Shared> _last = [];

    /// <param name="member">Whose row it is, by its place in the group.</param>
    public void Add(int member, RowWrite row)
    {
        if (row.Log is { } log) _last.Remove(log);
        if (_last.TryGetValue(row.Table, out var last) && last.Join(member, row)) return;
        _statements.Add(_last[row.Table] = new Shared(member, row));
    }

    /// <summary>The statements in their order, each with the member that it is of, -1 where it is of several.</summary>
    public IEnumerable<(int Member, NpgsqlBatchCommand Command)> Commands() => _statements.Select(one => (one.Member, one.Command()));

    /// <summary>A statement that rows share.</summary>
    private sealed class Shared
    {
        private readonly RowWrite _first;
        private readonly RowStatement? _forMany;
        private readonly List<object?[]> _rows;

        /// <summary>The keys of rows that are written: one statement must not write a row twice.</summary>
        private readonly HashSet<RowKey>? _keys;

        public Shared(int member, RowWrite row)
        {
            (Member, _first, _forMany, _rows) = (member, row, Sql.ForMany(row), [row.Values]);
            if (_forMany is not null && row.Action == RowAction.Upsert) _keys = [new RowKey(row)];
        }

        public int Member { get; private set; }

        /// <summary>Takes a row of the same shape.</summary>
        public bool Join(int member, RowWrite row)
        {
            if (_forMany is null || _forMany != Sql.ForMany(row) || _keys?.Add(new RowKey(row)) == false) return false;
            _rows.Add(row.Values);
            if (member != Member) Member = -1;
            return true;
        }

        public NpgsqlBatchCommand Command()
        {
            var isOne = _rows.Count == 1;
            var (sql, ordinals) = isOne ? Sql.For(_first) : _forMany!;
            var command = new NpgsqlBatchCommand(sql);
            foreach (var ordinal in ordinals)
            {
                var type = _first.Table.Columns[ordinal].Type;
                command.Parameters.Add(isOne ? PostgresQuery.Typed(type, _first.Values[ordinal]) : PostgresQuery.Array(type, _rows, ordinal));
            }

            return command;
        }
    }

    /// <summary>The key of a row, of at most four columns as all tables have it.</summary>
    private readonly record struct RowKey(object? First, object? Second, object? Third, object? Fourth)
    {
        public RowKey(RowWrite row) : this(Part(row, 0), Part(row, 1), Part(row, 2), Part(row, 3))
        {
        }

        private static object? Part(RowWrite row, int at) => at < row.Table.Key.Length ? row.Values[row.Table.Ordinal(row.Table.Key[at])] : null;
    }
}
