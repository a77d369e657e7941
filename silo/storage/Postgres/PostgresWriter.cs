using System.Diagnostics;
using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>Writes groups of commits, each in one transaction, and finds out who must leave a group that was refused.</summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, string place, ConfigurationNotice notice)
{
    private const int MostAttempts = 5;

    /// <summary>Writes a group and answers each of its members.</summary>
    public async Task Write(List<PostgresMember> group)
    {
        try
        {
            await WriteAll(group).ConfigureAwait(false);
        }
        catch (Exception reason)
        {
            var told = PostgresFault.Explain(reason, place);
            foreach (var member in group)
                member.Fail(told); // changes nothing for those that were answered
        }
    }

    // Members leave the group when they are refused; the rest is written again, until all that remain can be committed.
    private async Task WriteAll(List<PostgresMember> group)
    {
        var rest = group;
        for (var attempt = 1; rest.Count > 0;)
        {
            try
            {
                rest = await TryWrite(rest).ConfigureAwait(false);
            }
            catch (NotYetCommitted failed) when (failed.Member >= 0)
            {
                rest[failed.Member].Fail(PostgresFault.Explain(failed.InnerException!, place));
                rest = [.. rest.Where((_, i) => i != failed.Member)];
            }
            catch (NotYetCommitted failed) when (attempt < MostAttempts && failed.IsPassing)
            {
                // Nothing was stored. The other pooled connections are as old as the one that broke.
                if (PostgresFault.IsLostConnection(failed.InnerException!))
                {
                    attempt = MostAttempts;
                    source.Clear();
                }

                attempt++;
            }
            catch (NotYetCommitted failed) when (!failed.IsPassing && rest.Count > 1)
            {
                foreach (var member in rest)
                    await Write([member]).ConfigureAwait(false);
                return;
            }
            catch (NotYetCommitted failed)
            {
                throw failed.InnerException!;
            }
        }
    }

    /// <summary>Answers who is left to be written again: nobody once the transaction is committed.</summary>
    private async Task<List<PostgresMember>> TryWrite(List<PostgresMember> group)
    {
        var begun = Stopwatch.GetTimestamp();
        PostgresBatch? batch = null;
        NpgsqlConnection? connection = null;
        try
        {
            CommitResult[] results;
            NpgsqlTransaction transaction;
            try
            {
                connection = await source.OpenConnectionAsync().ConfigureAwait(false);
                transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
                batch = new PostgresBatch(connection, transaction, group);
                results = await batch.Run().ConfigureAwait(false);
            }
            catch (Exception reason)
            {
                var passing = PostgresFault.IsLostConnection(reason) || PostgresFault.IsClash(reason);
                var bug = !passing && PostgresFault.Explain(reason, place) == reason;
                throw new NotYetCommitted(reason, passing || !bug, bug ? batch?.MemberOf(reason) ?? -1 : -1);
            }

            if (Array.Exists(results, result => result is not CommitResult.Committed))
            {
                await transaction.RollbackAsync().ConfigureAwait(false);
                return AnswerRefused(group, results);
            }

            await transaction.CommitAsync().ConfigureAwait(false);
            StoreMetrics.Written(group.Count, begun);
            AnswerCommitted(group, results);
            return [];
        }
        finally
        {
            batch?.Dispose();
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody in the group touches what another touches, so a refusal comes from what is stored and holds.
    private static List<PostgresMember> AnswerRefused(List<PostgresMember> group, CommitResult[] results)
    {
        var rest = new List<PostgresMember>(group.Count);
        for (var i = 0; i < group.Count; i++)
        {
            if (results[i] is CommitResult.Committed)
                rest.Add(group[i]);
            else
                group[i].Succeed(results[i]);
        }

        return rest;
    }

    private void AnswerCommitted(List<PostgresMember> group, CommitResult[] results)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (results[i] is CommitResult.Committed { ConfigurationVersion: > 0 and var version })
                notice.Raise(version);
            group[i].Succeed(results[i]);
        }
    }

    /// <summary>The transaction failed before its commit was sent: nothing of it is stored, and it may be tried again.</summary>
    /// <param name="passing">Not the fault of a statement.</param>
    /// <param name="member">Whose statement is at fault; -1 where unknown.</param>
    private sealed class NotYetCommitted(Exception reason, bool passing, int member) : Exception(null, reason)
    {
        public bool IsPassing => passing;

        public int Member => member;
    }
}
