using Npgsql;
using NpgsqlTypes;

namespace OrleansAuth.Storage;

/// <summary>
/// The statements of a group, sent in one go. Preconditions are part of the statements (a row that is not as expected is
/// not written), so a refusal is a count of rows and not an error that spoils the transaction.
/// </summary>
internal sealed class PostgresBatch : IDisposable
{
    public const string Channel = "orleansauth_configuration";

    private const string AnnounceSql =
        "with v as (update configuration_version set version = version + 1 returning version), "
        + "c as (insert into configuration_change (kind, id, version) select k.kind, k.id, v.version from v, unnest($1, $2) as k(kind, id) "
        + "on conflict (kind, id) do update set version = excluded.version) "
        + $"select version, pg_notify('{Channel}', version::text)::text from v";

    private readonly NpgsqlBatch _batch;
    private readonly List<(NpgsqlBatchCommand Command, int Member, CommitResult? Refusal)> _sent = [];
    private readonly CommitResult[] _results;

    public PostgresBatch(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PostgresMember> group)
    {
        _batch = new NpgsqlBatch(connection, transaction);
        _results = new CommitResult[group.Count];
        Array.Fill(_results, CommitResult.Plain);
        var rows = new PostgresRows();
        for (var i = 0; i < group.Count; i++)
        {
            Add(i, group[i].Commit);
            foreach (var row in group[i].Commit.Rows)
                rows.Add(i, row);
        }

        foreach (var (member, command) in rows.Commands())
            Add(member, null, command);
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Commit.ChangesConfiguration)
                Add(i, null, Announce(group[i].Commit.States.Select(state => state.Key)));
        }
    }

    /// <summary>Runs everything; the results stand once the transaction is committed, if none of them is a refusal.</summary>
    public async Task<CommitResult[]> Run()
    {
        if (_sent.Count == 0)
            return _results;
        // Only announcements answer with rows, in the order of their members.
        using var announcing = _sent.Where(sent => sent.Command.CommandText == AnnounceSql).Select(sent => sent.Member).GetEnumerator();
        await using (var reader = await _batch.ExecuteReaderAsync().ConfigureAwait(false))
        {
            do
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    announcing.MoveNext();
                    _results[announcing.Current] = new CommitResult.Committed(reader.GetInt64(0));
                }
            }
            while (await reader.NextResultAsync().ConfigureAwait(false));
        }

        foreach (var (command, member, refusal) in _sent)
        {
            if (refusal is not null && command.RecordsAffected != 1 && _results[member] is CommitResult.Committed)
                _results[member] = refusal;
        }

        return _results;
    }

    /// <summary>The member whose statement the server refused; -1 if that cannot be told, or it is of several.</summary>
    public int MemberOf(Exception reason) =>
        reason is NpgsqlException { BatchCommand: { } command } && _sent.Find(sent => sent.Command == command) is { Command: not null } sent
            ? sent.Member
            : -1;

    public void Dispose() => _batch.Dispose();

    /// <summary>Counts one more configuration commit, notes the state rows it touched and tells the other processes once it is durable.</summary>
    public static NpgsqlBatchCommand Announce(IEnumerable<StateKey> touched)
    {
        var keys = touched.Distinct().ToArray();
        return Command(AnnounceSql,
            new NpgsqlParameter { Value = Array.ConvertAll(keys, key => key.Kind), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter { Value = Array.ConvertAll(keys, key => key.Id), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
    }

    private void Add(int member, Commit commit)
    {
        foreach (var claim in commit.Claims.Where(claim => claim.Release))
            Add(member, null, "delete from claim where scope = $1 and name = $2 and owner = $3",
                Text(claim.Key.Scope), Text(claim.Key.Name), Text(claim.Owner));
        // Taking again what one holds writes the same row; another owner's row is left alone and counts no change.
        foreach (var claim in commit.Claims.Where(claim => !claim.Release))
            Add(member, new CommitResult.Duplicate(claim.Key),
                "insert into claim (scope, name, owner, tenant_id) values ($1, $2, $3, $4) "
                + "on conflict (scope, name) do update set owner = excluded.owner where claim.owner = excluded.owner",
                Text(claim.Key.Scope), Text(claim.Key.Name), Text(claim.Owner), PostgresQuery.Typed(ColumnType.Uuid, claim.TenantId));
        foreach (var state in commit.States)
            Add(member, state);
    }

    private void Add(int member, StateWrite state)
    {
        var (kind, id) = (Text(state.Key.Kind), Text(state.Key.Id));
        var version = PostgresQuery.Typed(ColumnType.Long, state.ExpectedVersion);
        var refusal = new CommitResult.Conflict(state.Key);
        if (state.Body is not { } body)
        {
            Add(member, refusal, "delete from state where kind = $1 and id = $2 and version = $3", kind, id, version);
            return;
        }

        var sql = state.ExpectedVersion == 0
            ? "insert into state (kind, id, version, body, tenant_id) values ($1, $2, $3 + 1, $4, $5) on conflict do nothing"
            : "update state set version = $3 + 1, body = $4, tenant_id = $5 where kind = $1 and id = $2 and version = $3";
        var bytes = new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = body, NpgsqlDbType = NpgsqlDbType.Bytea };
        Add(member, refusal, sql, kind, id, version, bytes, PostgresQuery.Typed(ColumnType.Uuid, state.TenantId));
    }

    private void Add(int member, CommitResult? refusal, string sql, params NpgsqlParameter[] values) => Add(member, refusal, Command(sql, values));

    private void Add(int member, CommitResult? refusal, NpgsqlBatchCommand command)
    {
        _batch.BatchCommands.Add(command);
        _sent.Add((command, member, refusal));
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value);
        return command;
    }

    private static NpgsqlParameter Text(string value) => PostgresQuery.Typed(ColumnType.Text, value);
}
