using System.Globalization;
using System.Text;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>
/// Writes a filter as the condition of a query over a search table called <c>u</c>. Values become parameters; the text holds nothing
/// that a caller wrote.
/// </summary>
internal sealed class UserFilterSql(SearchTable table)
{
    private readonly StringBuilder _sql = new();

    public List<(string Name, object? Value)> Parameters { get; } = [];

    public override string ToString() => _sql.ToString();

    /// <summary>Gives a value a name and answers the name.</summary>
    public string Parameter(object? value)
    {
        var name = $"p{Parameters.Count}";
        Parameters.Add((name, value));
        return name;
    }

    /// <summary>Appends the condition, in parentheses.</summary>
    public UserFilterSql Append(UserFilter filter, UserFieldGroup within = UserFieldGroup.User)
    {
        switch (filter)
        {
            case UserFilter.All all:
                Join(all.Parts, " and ", "1 = 1", within);
                break;
            case UserFilter.Some some:
                Join(some.Parts, " or ", "1 = 0", within);
                break;
            case UserFilter.Not not:
                // What is unknown does not match, so its opposite does.
                _sql.Append("(not coalesce(");
                Append(not.Part, within);
                _sql.Append(", false))");
                break;
            case UserFilter.Within inside:
                Enter(inside.Group, () => Append(inside.Part, inside.Group));
                break;
            case UserFilter.Anywhere anywhere:
                Anywhere(anywhere.Pattern);
                break;
            default:
                Field(filter, within);
                break;
        }

        return this;
    }

    private void Join(IEnumerable<UserFilter> parts, string word, string none, UserFieldGroup within)
    {
        _sql.Append('(');
        var first = true;
        foreach (var part in parts)
        {
            if (!first) _sql.Append(word);
            Append(part, within);
            first = false;
        }

        _sql.Append(first ? none : "").Append(')');
    }

    private void Enter(UserFieldGroup group, Action append)
    {
        var (table, alias) = group == UserFieldGroup.Registrations ? (Tables.UserRegistration, "r") : (Tables.GroupMember, "m");
        _sql.Append(CultureInfo.InvariantCulture, $"(exists (select 1 from {table} {alias} where {alias}.user_id = u.id and ");
        append();
        _sql.Append("))");
    }

    private void Anywhere(TextPattern pattern)
    {
        var like = pattern.ToLike();
        var name = Parameter(pattern.Wild ? like : $"%{like}%");
        _sql.Append('(').AppendFormat(CultureInfo.InvariantCulture, table.AnyText, name);
        if (Guid.TryParse(pattern.Value, out var id)) _sql.Append(CultureInfo.InvariantCulture, $" or u.id = @{Parameter(id)}");
        _sql.Append(')');
    }

    private void Field(UserFilter filter, UserFieldGroup within)
    {
        var field = filter switch
        {
            UserFilter.Text text => text.Field,
            UserFilter.Equal equal => equal.Field,
            UserFilter.OneOf some => some.Field,
            UserFilter.Exists exists => exists.Field,
            UserFilter.Between between => between.Field,
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };
        if (field.Group == within) Test(filter, field);
        else if (within == UserFieldGroup.User) Enter(field.Group, () => Test(filter, field));
        else throw new UserQueryException($"[{field.Name}] cannot be asked for inside of a nested query on something else.");
    }

    private void Test(UserFilter filter, UserField field)
    {
        var column = field.Column.Contains('(', StringComparison.Ordinal) ? field.Column : Alias(field.Group) + field.Column;
        _sql.Append('(');
        switch (filter)
        {
            case UserFilter.Text text:
                Text(column, field.Kind, text.Pattern);
                break;
            case UserFilter.Equal equal:
                _sql.Append(CultureInfo.InvariantCulture, $"{column} = @{Parameter(equal.Value)}");
                break;
            case UserFilter.OneOf some:
                _sql.Append(CultureInfo.InvariantCulture, $"{column} in @{Parameter(some.Values)}");
                break;
            case UserFilter.Exists:
                _sql.Append(column).Append(" is not null");
                break;
            case UserFilter.Between between:
                Between(column, between);
                break;
        }

        _sql.Append(')');
    }

    private void Text(string column, UserFieldKind kind, TextPattern pattern)
    {
        var like = pattern.ToLike();
        if (kind == UserFieldKind.List)
            // The names of an array stand between quotes.
            _sql.Append(CultureInfo.InvariantCulture, $"lower({column}) like @{Parameter($"%\"{like}\"%")} escape '\\'");
        else if (pattern.Wild)
            _sql.Append(CultureInfo.InvariantCulture, $"{column} like @{Parameter(like)} escape '\\'");
        else if (kind == UserFieldKind.Words)
            _sql.Append(CultureInfo.InvariantCulture, $"{column} = @{Parameter(pattern.Value)} or ' ' || {column} || ' ' like @{Parameter($"% {like} %")} escape '\\'");
        else
            _sql.Append(CultureInfo.InvariantCulture, $"{column} = @{Parameter(pattern.Value)}");
    }

    private void Between(string column, UserFilter.Between range)
    {
        var first = true;
        if (range.From is { } from)
        {
            _sql.Append(CultureInfo.InvariantCulture, $"{column} {(range.FromIncluded ? ">=" : ">")} @{Parameter(from)}");
            first = false;
        }

        if (range.To is { } to)
        {
            _sql.Append(CultureInfo.InvariantCulture, $"{(first ? "" : " and ")}{column} {(range.ToIncluded ? "<=" : "<")} @{Parameter(to)}");
            first = false;
        }

        if (first) _sql.Append(column).Append(" is not null");
    }

    private static string Alias(UserFieldGroup group) => group switch
    {
        UserFieldGroup.Registrations => "r.",
        UserFieldGroup.Memberships => "m.",
        _ => "u.",
    };
}
