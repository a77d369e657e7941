namespace OrleansAuth.Storage;

/// <summary>Writes one commit inside the group's transaction.</summary>
internal static class SqliteCommit
{
    private static readonly TableSql RowSql = new('?');

    /// <summary>The result, and whether what was written stands.</summary>
    public static (CommitResult Answer, bool Keep) Run(SqliteLink link, Commit commit)
    {
        foreach (var claim in commit.Claims)
        {
            if (claim.Release)
                link.Prepare("delete from claim where scope = ?1 and name = ?2 and owner = ?3")
                    .Bind(1, claim.Key.Scope).Bind(2, claim.Key.Name).Bind(3, claim.Owner).Execute();
        }

        foreach (var claim in commit.Claims)
        {
            if (!claim.Release && !Take(link, claim))
                return (new CommitResult.Duplicate(claim.Key), false);
        }

        foreach (var state in commit.States)
        {
            if (!Write(link, state))
                return (new CommitResult.Conflict(state.Key), false);
        }

        foreach (var row in commit.Rows)
            Write(link, row);
        return (commit.ChangesConfiguration ? new CommitResult.Committed(Announce(link, commit.States.Select(s => s.Key))) : CommitResult.Plain, true);
    }

    /// <summary>Counts one more configuration commit and notes the state rows that it touched.</summary>
    public static long Announce(SqliteLink link, IEnumerable<StateKey> touched)
    {
        link.Execute("update configuration_version set version = version + 1");
        var version = Version(link);
        foreach (var key in touched)
            link.Prepare("insert into configuration_change (kind, id, version) values (?1, ?2, ?3) on conflict (kind, id) do update set version = excluded.version")
                .Bind(1, key.Kind).Bind(2, key.Id).Bind(3, version).Execute();
        return version;
    }

    public static long Version(SqliteLink link)
    {
        var statement = link.Prepare("select version from configuration_version");
        try
        {
            return statement.Step() ? statement.Long("version") : 0;
        }
        finally
        {
            statement.Reset();
        }
    }

    // Taking again what one holds writes the same row; another owner's row is left alone and counts no change.
    private static bool Take(SqliteLink link, ClaimWrite claim) => link.Prepare(
            "insert into claim (scope, name, owner, tenant_id) values (?1, ?2, ?3, ?4) "
            + "on conflict (scope, name) do update set owner = excluded.owner where claim.owner = excluded.owner")
        .Bind(1, claim.Key.Scope).Bind(2, claim.Key.Name).Bind(3, claim.Owner).Bind(4, claim.TenantId).Execute() == 1;

    private static bool Write(SqliteLink link, StateWrite state)
    {
        if (state.Body is not { } body)
            return link.Prepare("delete from state where kind = ?1 and id = ?2 and version = ?3")
                .Bind(1, state.Key.Kind).Bind(2, state.Key.Id).Bind(3, state.ExpectedVersion).Execute() == 1;
        var statement = state.ExpectedVersion == 0
            ? link.Prepare("insert into state (kind, id, version, body, tenant_id) values (?1, ?2, ?3 + 1, ?4, ?5) on conflict do nothing")
            : link.Prepare("update state set version = ?3 + 1, body = ?4, tenant_id = ?5 where kind = ?1 and id = ?2 and version = ?3");
        return statement.Bind(1, state.Key.Kind).Bind(2, state.Key.Id).Bind(3, state.ExpectedVersion)
            .Bind(4, body.Span).Bind(5, state.TenantId).Execute() == 1;
    }

    private static void Write(SqliteLink link, RowWrite row)
    {
        var (sql, ordinals) = RowSql.For(row);
        var statement = link.Prepare(sql);
        for (var i = 0; i < ordinals.Length; i++)
            statement.Bind(i + 1, row.Values[ordinals[i]]);
        statement.Execute();
    }
}
