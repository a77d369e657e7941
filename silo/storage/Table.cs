using System.Collections.Immutable;

namespace OrleansAuth.Storage;

/// <summary>What a column holds; each database stores it in its own way.</summary>
public enum ColumnType
{
    /// <summary>Any length of text.</summary>
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
public sealed record Column(string Name, ColumnType Type);

/// <summary>
/// A table beside the state rows: search rows, journals, queues. The numbered scripts create it; this definition is what
/// statements are made from, and a test holds both against each other.
/// </summary>
/// <param name="Name">The table's name in both databases.</param>
/// <param name="Key">The columns of its primary key.</param>
/// <param name="Columns">All columns, the key's among them. A column named <c>tenant_id</c> makes its rows leave with their tenant.</param>
public sealed record Table(string Name, ImmutableArray<string> Key, ImmutableArray<Column> Columns)
{
    /// <summary>Rows of this table are removed when their tenant is.</summary>
    public bool HasTenant => Columns.Any(c => c.Name == "tenant_id");
}
