using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansAuth.Storage;

/// <summary>What a column holds; each database stores it in its own way.</summary>
public enum ColumnType
{
    /// <summary>Any length of text. U+0000 and lone surrogates, which PostgreSQL cannot hold, become U+FFFD.</summary>
    Text,

    /// <summary>A <see cref="Guid"/>.</summary>
    Uuid,

    /// <summary>A 64-bit integer; instants are milliseconds since 1970 (UTC).</summary>
    Long,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>Bytes, JSON as UTF-8 among them.</summary>
    Bytes,
}

/// <summary>One column of a <see cref="Table"/>.</summary>
/// <param name="Assigned">The database numbers the rows itself, rising with each insert (gaps are possible); never written by a commit.</param>
/// <param name="LowerOf">
/// The text column whose lower-case form (invariant culture, at most 400 characters) this one holds. The store fills it whenever that column is
/// written, because the two databases lower letters beyond ASCII differently; never written by a commit.
/// </param>
public sealed record Column(string Name, ColumnType Type, bool Assigned = false, string? LowerOf = null);

/// <summary>
/// A table beside the state rows: search rows, journals, queues. The numbered scripts create it; this definition is what
/// statements are made from, and a test holds both against each other. Two definitions are never equal; use the constants
/// in <see cref="Tables"/>.
/// </summary>
public sealed class Table
{
    private readonly FrozenDictionary<string, int> _ordinals;

    /// <param name="name">The table's name in both databases.</param>
    /// <param name="key">The columns of its primary key.</param>
    /// <param name="columns">All columns, the key's among them; at most 64. A column named <c>tenant_id</c> makes its rows leave with their tenant.</param>
    public Table(string name, ImmutableArray<string> key, ImmutableArray<Column> columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, 64);
        (Name, Key, Columns) = (name, key, columns);
        _ordinals = columns.Select((column, ordinal) => KeyValuePair.Create(column.Name, ordinal)).ToFrozenDictionary();
        foreach (var part in key)
            KeyMask |= 1UL << Ordinal(part);
    }

    public string Name { get; }

    public ImmutableArray<string> Key { get; }

    public ImmutableArray<Column> Columns { get; }

    /// <summary>Rows of this table are removed when their tenant is.</summary>
    public bool HasTenant => _ordinals.ContainsKey("tenant_id");

    /// <summary>The key's columns, one bit for each ordinal.</summary>
    internal ulong KeyMask { get; }

    /// <summary>Where a column stands in <see cref="Columns"/>.</summary>
    /// <exception cref="ArgumentException">The table has no such column.</exception>
    internal int Ordinal(string column) => _ordinals.TryGetValue(column, out var ordinal)
        ? ordinal
        : throw new ArgumentException($"Table {Name} has no column '{column}'.", nameof(column));

    public override string ToString() => Name;
}
