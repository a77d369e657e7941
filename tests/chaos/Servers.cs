using System.Security.Cryptography;

namespace OrleansAuth.Chaos;

/// <summary>The server under test: one process, several on one PostgreSQL, or silos and web tiers of the cluster build.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(60);

    private readonly List<Node> _nodes = [];
    private readonly string? _before;
    private int _next;
    private bool _exchanged;

    public Servers(Options options, string data, string logs, string? connection, string kickstart, History history)
    {
        _before = options.Before;
        List<string> shared = ["--Storage:Path", data, "--Webhooks:AllowPrivateAddresses", "true", "--Web:PublicUrl", "http://chaos.example"];
        if (connection is not null)
            shared.AddRange(["--Storage:ConnectionString", connection, "--Secrets:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))]);
        string[] web = [.. shared, "--urls", "http://127.0.0.1:0", "--Kickstart:File", kickstart];
        if (options.Cluster)
        {
            List<string> silo = [.. shared.Take(4), .. shared.Skip(6), "--urls", "http://127.0.0.1:0", "--Silo:ClusterId", "chaos"];
            for (var i = 0; i < options.Silos; i++) _nodes.Add(new Node($"silo{i}", "OrleansAuth.Silo", silo, false, logs, history));
            for (var i = 0; i < 2; i++) _nodes.Add(new Node($"web{i}", "OrleansAuth.Web", [.. web, "--Silo:ClusterId", "chaos", "--Web:DrainSeconds", "1"], true, logs, history));
            foreach (var node in _nodes) node.Folder = _before;
        }
        else
        {
            // The server as it is, with a clock that can be moved and no step at which it kills itself.
            for (var i = 0; i < options.Silos; i++) _nodes.Add(new Node($"server{i}", "OrleansAuth.FaultServer", ["-1", "0", .. web], true, logs, history));
        }
    }

    /// <summary>All processes, whether they run or not.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Where the next request goes, in turn; null while no server is up.</summary>
    public Uri? Address()
    {
        var up = _nodes.Where(node => node.Address is not null).ToList();
        return up.Count == 0 ? null : up[(Interlocked.Increment(ref _next) & int.MaxValue) % up.Count].Address;
    }

    /// <summary>Starts the first that serves, which sets up the store, with all silos, then the others, and waits until all run.</summary>
    public async Task Start()
    {
        var first = _nodes.First(node => node.Serves);
        await Task.WhenAll(_nodes.Where(node => node == first || !node.Serves).Select(node => node.Start()));
        foreach (var node in _nodes.Where(node => node != first && node.Serves)) await node.Start();
    }

    /// <summary>Waits until all processes run, however often they end meanwhile.</summary>
    public Task AllUp(CancellationToken stop) => Task.WhenAll(_nodes.Select(node => node.Up(stop)));

    /// <summary>
    /// Puts the other build in place of the one that runs, one process after the other: silos first, and on the way back web tiers first, since
    /// what only the newer web tier asks for is known to newer silos alone.
    /// </summary>
    /// <exception cref="TimeoutException">One of them did not come up again; its log says why.</exception>
    public async Task Exchange()
    {
        _exchanged = !_exchanged;
        foreach (var node in _exchanged ? _nodes : Enumerable.Reverse(_nodes))
        {
            node.Folder = _exchanged ? null : _before;
            await node.Stop();
            using var patience = new CancellationTokenSource(ExchangeLimit);
            await node.Up(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (patience.IsCancellationRequested) throw new TimeoutException($"{node.Name} did not start with the {(_exchanged ? "build that was to come" : "build of before")}; see its log (--keep).");
        }
    }

    /// <summary>Sets the clock of every process so many seconds before the machine's.</summary>
    public Task SetClocks(double ahead) => Task.WhenAll(_nodes.Select(node => node.SetClock(ahead)));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
