using System.Globalization;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>A stretch of the result that one query reads: users with a value in the sort column, or those without.</summary>
/// <param name="After">Go on after this value and <paramref name="AfterId"/>.</param>
internal sealed record UserOrderPart(bool Empty, string? After, Guid? AfterId, int Skip);

/// <summary>
/// The order of a search and how its pages follow each other. With one column, pages go on after the last row seen, along
/// an index and as fast on the last page as on the first; with several, by counting rows. Users without a value come last.
/// </summary>
internal sealed class UserOrder
{
    private readonly (UserField Field, bool Descending)[] _columns;

    private UserOrder((UserField, bool)[] columns) => _columns = columns;

    /// <summary>True where pages are found by counting.</summary>
    public bool ByPosition => _columns.Length > 1;

    public string Column => _columns[0].Field.Column;

    /// <summary>What a query selects beside the id.</summary>
    public string KeyColumn => ByPosition || Column == "id" ? "" : $", u.{Column}";

    /// <exception cref="UserQueryException">Rows of this table cannot be sorted so.</exception>
    public static UserOrder Of(UserSearchRequest request, SearchTable table)
    {
        if (request.Sort.Length > 4) throw new UserQueryException("A search can be sorted by at most 4 fields.");
        var columns = request.Sort.Select(sort => (Field: table.Named(sort.Field), sort.Descending)).ToArray();
        if (columns.FirstOrDefault(c => c.Field.Sortable is null).Field is { } field) throw new UserQueryException($"A search cannot be sorted by [{field.Name}].");
        // Without a tenant, only the order of creation has an index.
        return new UserOrder(columns.Length > 0 ? columns : [(table.Named(request.TenantId is null ? "insertInstant" : table.Usual), false)]);
    }

    public IEnumerable<UserOrderPart> Parts(UserSearchPosition position)
    {
        var canBeEmpty = _columns[0].Field.Sortable!.Value;
        if (ByPosition || !canBeEmpty) return [new UserOrderPart(false, position.After, position.AfterId, position.Skip)];
        var rest = new UserOrderPart(true, null, position.After is null ? position.AfterId : null, position.Skip);
        return position is { AfterId: not null, After: null } ? [rest] : [new UserOrderPart(false, position.After, position.AfterId, position.Skip), rest];
    }

    /// <summary>The condition that a part adds, and its order.</summary>
    public (string Condition, string OrderBy) Write(UserFilterSql sql, UserOrderPart part)
    {
        if (ByPosition)
            return ("", string.Join(", ", _columns.Select(c => $"u.{c.Field.Column} {(c.Descending ? "desc" : "asc")} nulls last")) + ", u.id");
        var ((field, descending), direction) = (_columns[0], _columns[0].Descending ? "desc" : "asc");
        var (column, sign) = ($"u.{field.Column}", descending ? '<' : '>');
        if (part.Empty)
            return ($" and {column} is null" + (part.AfterId is { } id ? $" and u.id > @{sql.Parameter(id)}" : ""), "u.id");
        var orderBy = field.Column == "id" ? $"u.id {direction}" : $"{column} {direction}, u.id {direction}";
        var condition = field.Sortable!.Value ? $" and {column} is not null" : "";
        if (part.AfterId is { } last)
        {
            condition += field.Column == "id" ? $" and u.id {sign} @{sql.Parameter(last)}"
                : $" and ({column}, u.id) {sign} (@{sql.Parameter(Key(field, part.After!))}, @{sql.Parameter(last)})";
        }

        return (condition, orderBy);
    }

    /// <summary>The sort column of a row, as text for the paging token.</summary>
    public string? ReadKey(IRow row) => KeyColumn.Length == 0 ? null : _columns[0].Field.Kind switch
    {
        UserFieldKind.Instant => row.NullableLong(Column)?.ToString(CultureInfo.InvariantCulture),
        UserFieldKind.Flag => row.Bool(Column) ? "true" : "false",
        UserFieldKind.Id => row.Guid(Column).ToString(),
        _ => row.NullableText(Column),
    };

    private static object Key(UserField field, string text) => field.Kind switch
    {
        UserFieldKind.Instant => long.Parse(text, CultureInfo.InvariantCulture),
        UserFieldKind.Flag => text == "true",
        UserFieldKind.Id => Guid.Parse(text),
        _ => text,
    };
}
