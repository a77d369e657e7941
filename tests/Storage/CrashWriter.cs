using System.Diagnostics;
using System.Globalization;

namespace OrleansAuth.Storage;

/// <summary>The child process that writes numbered commits until it is killed; see <c>tests/crash</c>.</summary>
internal sealed class CrashWriter : IDisposable
{
    private readonly Process _process;

    public CrashWriter(StoreOptions options, Guid tenant)
    {
        // Built beside the tests, for the same engine and configuration.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "OrleansAuth.CrashWriter", here.Name, "OrleansAuth.CrashWriter.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] target = options.IsPostgres ? ["connection", options.ConnectionString!] : ["path", options.Path];
        foreach (var argument in (string[])[program, .. target, tenant.ToString()])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>The numbers acknowledged until the writer ended, which <paramref name="kill"/> does once so many are.</summary>
    public async Task<HashSet<long>> Acknowledged(int enough, Func<Process, Task> kill)
    {
        var acknowledged = new HashSet<long>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may have been cut off in the middle, which no reader can tell from a whole one.
            if (_process.StandardOutput.Peek() < 0 && _process.HasExited)
                break;
            acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
            if (acknowledged.Count == enough)
                await kill(_process);
        }

        await _process.WaitForExitAsync();
        return acknowledged;
    }

    /// <summary>Every acknowledged commit is there with all its parts, and no commit is there with some of them.</summary>
    public static async Task Verify(IStore store, Guid tenant, HashSet<long> acknowledged)
    {
        var states = await Numbers("select id as n from state where tenant_id = @tenant", row => long.Parse(row.Text("n"), CultureInfo.InvariantCulture));
        var claims = await Numbers("select name as n from claim where tenant_id = @tenant", row => long.Parse(row.Text("n"), CultureInfo.InvariantCulture));
        var logins = await Numbers("select instant as n from login_record where tenant_id = @tenant", row => row.Long("n"));
        var outbox = await Numbers("select due as n from outbox where tenant_id = @tenant", row => row.Long("n"));
        Assert.Empty(acknowledged.Except(states));
        Assert.Equal(states, claims);
        Assert.Equal(states, logins);
        Assert.Equal(states, outbox);

        async Task<SortedSet<long>> Numbers(string sql, Func<IRow, long> map) => [.. await store.Query(sql, map, default, ("tenant", tenant))];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
