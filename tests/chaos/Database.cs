using System.Globalization;
using OrleansAuth.Benchmarks;

namespace OrleansAuth.Chaos;

/// <summary>The PostgreSQL of a run, and what can be done to it.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _pool;
    private PostgresCluster _cluster;

    private Database(string folder, int pool, PostgresCluster cluster) => (_folder, _pool, _cluster) = (folder, pool, cluster);

    /// <summary>For the servers: an answer that does not come within seconds is none.</summary>
    public string ConnectionString => _cluster.ConnectionString.Replace("Maximum Pool Size=64", $"Maximum Pool Size={_pool}", StringComparison.Ordinal);

    /// <param name="pool">Connections that each process may have; Orleans has as many again for itself, and PostgreSQL takes a hundred.</param>
    public static async Task<Database> Start(string folder, int pool) => new(folder, pool, await PostgresCluster.Start(folder));

    /// <summary>Ends it in order (<c>INT</c>) or at once (<c>QUIT</c>), with every connection.</summary>
    public async Task Stop(string signal)
    {
        await Scratch.Run("kill", $"-{signal}", $"{_cluster.Id}");
        await _cluster.Exit;
    }

    /// <summary>Starts it again if it does not run, with recovery if it crashed; watches for two seconds that it stays up.</summary>
    public async Task Resume()
    {
        for (var i = 0; i < 10; i++)
        {
            if (_cluster.Exit.IsCompleted) await StartAgain();
            await Task.Delay(200);
        }
    }

    private async Task StartAgain()
    {
        try
        {
            await _cluster.DisposeAsync();
            _cluster = await PostgresCluster.Start(_folder);
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException)
        {
            // What ended it is not over yet; the next look starts it once more.
        }
    }

    /// <summary>Kills one process that serves a connection, upon which PostgreSQL ends all others and recovers.</summary>
    public async Task KillBackend(Random random)
    {
        var backends = Family(_cluster.Id).Where(id => Title(id) is { } title && title.Contains("postgres: bench", StringComparison.Ordinal)).ToList();
        if (backends.Count > 0) await Scratch.Run("kill", "-KILL", $"{backends[random.Next(backends.Count)]}");
    }

    /// <summary>Every process of it stands still (<c>STOP</c>) or goes on (<c>CONT</c>); connections stay open.</summary>
    public async Task Signal(string signal)
    {
        foreach (var id in Family(_cluster.Id))
        {
            try
            {
                await Scratch.Run("kill", $"-{signal}", $"{id}");
            }
            catch (InvalidOperationException)
            {
                // One of its processes has just ended.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Signal("CONT");
        await _cluster.DisposeAsync();
    }

    private static List<int> Family(int first)
    {
        List<int> family = [first];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Parent(id) == first) family.Add(id);
        return family;
    }

    private static int? Parent(int id) => Read($"/proc/{id}/stat") is { } text && text.LastIndexOf(')') is > 0 and var name
        ? int.Parse(text[(name + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
        : null;

    private static string? Title(int id) => Read($"/proc/{id}/cmdline");

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
