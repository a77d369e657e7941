using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>
/// Sends lookups that wait at the same time together: the way to the server and back costs more than finding a row by its
/// key, and a batch pays it once. One that comes alone goes at once. A lookup never joins a batch that is under way, so it
/// sees everything that was acknowledged before it came.
/// </summary>
/// <param name="run">Gives a batch a connection, tries again after a lost one, and explains outages.</param>
/// <param name="readers">How many batches are under way at once.</param>
internal sealed class PostgresReads(Func<Func<NpgsqlConnection, Task>, Task> run, int readers)
{
    // Bounds how long the first lookup of a batch waits for the last.
    private const int LargestBatch = 64;

    private readonly Lock _gate = new();
    private readonly Queue<PostgresRead> _waiting = [];
    private int _running;

    public Task<IReadOnlyList<T>> Submit<T>(string sql, Func<IRow, T> map, (string Name, object? Value)[] parameters, CancellationToken stop)
    {
        var read = new PostgresRead<T>(sql, map, parameters, stop);
        List<PostgresRead> batch;
        lock (_gate)
        {
            _waiting.Enqueue(read);
            if (_running == readers) return read.Done;
            _running++;
            batch = Take();
        }

        _ = Send(batch);
        return read.Done;
    }

    private async Task Send(List<PostgresRead> batch)
    {
        while (batch.Count > 0)
        {
            await Answer(batch).ConfigureAwait(false);
            lock (_gate)
            {
                batch = Take();
                if (batch.Count == 0) _running--;
            }
        }
    }

    private async Task Answer(List<PostgresRead> batch)
    {
        try
        {
            await run(connection => Ask(connection, batch)).ConfigureAwait(false);
        }
        catch (Exception reason) when (batch.Count == 1 || reason is StoreUnavailableException)
        {
            foreach (var read in batch) read.Fail(reason);
        }
        catch (Exception)
        {
            // A lookup that the server refuses ends its batch. Each is asked for itself, and only that one fails.
            foreach (var read in batch.Where(read => !read.IsDone)) await Answer([read]).ConfigureAwait(false);
        }
    }

    private static async Task Ask(NpgsqlConnection connection, List<PostgresRead> batch)
    {
        using var sent = new NpgsqlBatch(connection);
        // After a second try those that have their answer are not asked for again.
        var open = batch.FindAll(read => !read.IsDone);
        foreach (var read in open) sent.BatchCommands.Add(read.Command());
        if (open.Count == 0) return;
        await using var reader = await sent.ExecuteReaderAsync().ConfigureAwait(false);
        foreach (var read in open)
        {
            // Each answer has columns of its own.
            await read.Take(reader, new PostgresRow(reader)).ConfigureAwait(false);
            await reader.NextResultAsync().ConfigureAwait(false);
        }
    }

    private List<PostgresRead> Take()
    {
        var batch = new List<PostgresRead>();
        while (batch.Count < LargestBatch && _waiting.TryDequeue(out var read))
            if (!read.Abandoned()) batch.Add(read);
        return batch;
    }
}

/// <summary>One lookup on its way.</summary>
internal abstract class PostgresRead
{
    public abstract bool IsDone { get; }

    public abstract NpgsqlBatchCommand Command();

    /// <summary>Reads the answer, which the reader stands before.</summary>
    public abstract Task Take(NpgsqlDataReader reader, IRow row);

    /// <summary>Answers a lookup that was given up before it began; true if it was.</summary>
    public abstract bool Abandoned();

    public abstract void Fail(Exception reason);
}

/// <inheritdoc/>
internal sealed class PostgresRead<T>(string sql, Func<IRow, T> map, (string Name, object? Value)[] parameters, CancellationToken stop) : PostgresRead
{
    private readonly TaskCompletionSource<IReadOnlyList<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IReadOnlyList<T>> Done => _done.Task;

    public override bool IsDone => _done.Task.IsCompleted;

    public override NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand();
        command.CommandText = PostgresQuery.Prepare(sql, parameters, command.Parameters);
        return command;
    }

    public override async Task Take(NpgsqlDataReader reader, IRow row)
    {
        var rows = new List<T>();
        try
        {
            while (await reader.ReadAsync().ConfigureAwait(false)) rows.Add(map(row));
        }
        catch (Exception reason) when (reason is not (NpgsqlException or IOException))
        {
            // Whoever reads the row wrongly fails alone; the reader goes on to the next answer.
            _done.TrySetException(reason);
            return;
        }

        _done.TrySetResult(rows);
    }

    public override bool Abandoned() => stop.IsCancellationRequested && _done.TrySetCanceled(stop);

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
