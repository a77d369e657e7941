using OrleansAuth.Users;

namespace OrleansAuth.Storage.Users;

/// <summary>What comments are searched for; null means any.</summary>
/// <param name="Text">Stands in the comment, whatever its case.</param>
public sealed record UserCommentCriteria(Guid? TenantId, Guid? UserId, Guid? CommenterId, string? Text, int StartRow, int NumberOfResults, bool Ascending);

/// <summary>Reads notes of operators about users.</summary>
public sealed class UserComments(IStoreReader store)
{
    /// <summary>One page, newest first unless asked otherwise, and how many match in all.</summary>
    public async Task<(IReadOnlyList<UserCommentView> Page, long Total)> Search(UserCommentCriteria criteria, CancellationToken stop = default)
    {
        var where = new List<string> { "1 = 1" };
        var parameters = new List<(string, object?)>();
        Equal("tenant_id", criteria.TenantId);
        Equal("user_id", criteria.UserId);
        Equal("commenter_id", criteria.CommenterId);
        if (criteria.Text is { Length: > 0 } text)
        {
            where.Add("lower(comment) like @text escape '\\'");
            parameters.Add(("text", $"%{new Search.TextPattern(text.ToLowerInvariant(), Wild: false).ToLike()}%"));
        }

        var from = $"from user_comment where {string.Join(" and ", where)}";
        var total = await store.Query($"select count(*) as total {from}", row => row.Long("total"), stop, [.. parameters]).ConfigureAwait(false);
        var direction = criteria.Ascending ? "asc" : "desc";
        var page = await store.Query(
            $"select id, user_id, commenter_id, comment, insert_instant {from} order by insert_instant {direction}, id {direction} limit @limit offset @offset",
            row => new UserCommentView(row.Guid("id"), row.Guid("user_id"), row.NullableGuid("commenter_id"), row.Text("comment"), row.Long("insert_instant")),
            stop,
            [.. parameters, ("limit", (long)criteria.NumberOfResults), ("offset", (long)criteria.StartRow)]).ConfigureAwait(false);
        return (page, total[0]);

        void Equal(string column, Guid? value)
        {
            if (value is null) return;
            where.Add($"{column} = @{column}");
            parameters.Add((column, value));
        }
    }
}
