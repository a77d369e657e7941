using System.Collections.Immutable;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>Which users a search wants. Made by the parsers, turned into SQL by <see cref="UserFilterSql"/>.</summary>
public abstract record UserFilter
{
    private protected UserFilter()
    {
    }

    /// <summary>Every user.</summary>
    public static readonly UserFilter Everybody = new All([]);

    /// <summary>Users for which every part holds.</summary>
    public sealed record All(ImmutableArray<UserFilter> Parts) : UserFilter;

    /// <summary>Users for which some part holds.</summary>
    public sealed record Some(ImmutableArray<UserFilter> Parts) : UserFilter;

    /// <summary>Users for which the part does not hold.</summary>
    public sealed record Not(UserFilter Part) : UserFilter;

    /// <summary>Users that have one registration, or one membership, for which the part holds.</summary>
    public sealed record Within(UserFieldGroup Group, UserFilter Part) : UserFilter;

    /// <summary>The words stand in any text of the user.</summary>
    public sealed record Anywhere(TextPattern Pattern) : UserFilter;

    /// <summary>A text field matches.</summary>
    public sealed record Text(UserField Field, TextPattern Pattern) : UserFilter;

    /// <summary>A field has this value.</summary>
    public sealed record Equal(UserField Field, object Value) : UserFilter;

    /// <summary>A field has one of these values: an array of Guid, long or string.</summary>
    public sealed record OneOf(UserField Field, Array Values) : UserFilter;

    /// <summary>A field has a value.</summary>
    public sealed record Exists(UserField Field) : UserFilter;

    /// <summary>A field lies between two values; null where an end is open.</summary>
    public sealed record Between(UserField Field, object? From, bool FromIncluded, object? To, bool ToIncluded) : UserFilter;
}

/// <summary>What a text must look like, in lower case.</summary>
/// <param name="Value">With <c>*</c> and <c>?</c> as wildcards, where <paramref name="Wild"/>.</param>
/// <param name="Wild">False: the value is compared as it is.</param>
public sealed record TextPattern(string Value, bool Wild)
{
    /// <summary>From what a caller wrote, where wildcards count.</summary>
    public static TextPattern From(string written) => new(written.ToLowerInvariant(), written.AsSpan().ContainsAny('*', '?'));

    /// <summary>The pattern of SQL's <c>like</c>, with <c>\</c> as escape.</summary>
    public string ToLike()
    {
        var text = new System.Text.StringBuilder(Value.Length + 8);
        foreach (var c in Value)
        {
            if (c is '%' or '_' or '\\') text.Append('\\').Append(c);
            else if (Wild && c == '*') text.Append('%');
            else if (Wild && c == '?') text.Append('_');
            else text.Append(c);
        }

        return text.ToString();
    }
}

/// <summary>A query that cannot be understood or asks too much. The message is for the caller.</summary>
public sealed class UserQueryException : Exception
{
    public UserQueryException()
    {
    }

    public UserQueryException(string message) : base(message)
    {
    }

    public UserQueryException(string message, Exception inner) : base(message, inner)
    {
    }
}
