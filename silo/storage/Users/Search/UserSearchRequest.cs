using System.Collections.Immutable;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>One column to sort by.</summary>
public sealed record UserSort(string Field, bool Descending);

/// <summary>What is searched for; also what a paging token repeats.</summary>
/// <param name="TenantId">Only users of this tenant; null for all.</param>
/// <param name="Ids">Only these users; null for no such limit. Wins over the queries.</param>
/// <param name="Query">Elasticsearch's JSON. Wins over the query string.</param>
/// <param name="QueryString">See <see cref="UserQueryString"/>.</param>
public sealed record UserSearchRequest(Guid? TenantId, ImmutableArray<Guid>? Ids, string? Query, string? QueryString, ImmutableArray<UserSort> Sort)
{
    /// <summary>The request as a filter. Nothing asked for means everybody.</summary>
    /// <exception cref="UserQueryException">The query cannot be understood.</exception>
    internal UserFilter Filter(SearchTable table)
    {
        UserFilter wanted = Ids is { } ids ? new UserFilter.OneOf(table.Named("id"), ids.ToArray())
            : Query is { Length: > 0 } json ? UserElasticQuery.Parse(json, table.Named)
            : QueryString is { } text ? UserQueryString.Parse(text, table.Named)
            : UserFilter.Everybody;
        return TenantId is { } tenant ? new UserFilter.All([new UserFilter.Equal(table.Named("tenantId"), tenant), wanted]) : wanted;
    }
}

/// <summary>Where a page begins: after so many users, or after the last user of the page before.</summary>
/// <param name="Skip">Users to leave out.</param>
/// <param name="After">The sort column's value of the last user seen; null where it had none.</param>
/// <param name="AfterId">The last user seen; null: the page begins by <paramref name="Skip"/>.</param>
public sealed record UserSearchPosition(int Skip, string? After, Guid? AfterId);

/// <summary>One page.</summary>
/// <param name="Next">Where the next page begins; null where this is the last.</param>
public sealed record UserSearchPage(IReadOnlyList<(StoredUser User, UserLogins Logins)> Users, UserSearchPosition? Next);
