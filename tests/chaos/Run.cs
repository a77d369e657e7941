using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansAuth.Benchmarks;

namespace OrleansAuth.Chaos;

/// <summary>One run: the servers, the load, the faults, the final state, and what the checker says about all of it.</summary>
internal sealed class Run : IAsyncDisposable
{
    private const int SqliteMegabytes = 256, PostgresMegabytes = 1024;
    private const int Pool = 24, ClusterPool = 14;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ClientLimit = TimeSpan.FromSeconds(60);

    private readonly Options _options;
    private readonly Scratch _scratch;
    private readonly string _output;
    private readonly History _history;
    private Disk? _disk;
    private Database? _database;
    private Receivers? _receivers;
    private Servers? _servers;
    private Wire? _wire;

    public Run(Options options, Scratch scratch)
    {
        (_options, _scratch) = (options, scratch);
        _output = options.Keep ?? scratch.Folder("output");
        Directory.CreateDirectory(_output);
        _history = new History(Path.Combine(_output, "history.jsonl"));
    }

    /// <returns>Whether every invariant held and every fault was recovered from.</returns>
    public async Task<bool> Complete()
    {
        await Start();
        var world = new World(_wire!, _receivers!);
        await world.Build();
        var prober = new Prober(_wire!, world, _history);
        var random = new Random(_options.Seed);
        var table = new FaultTable(_options, _servers!, _receivers!, _database, _disk, random);
        var schedule = new Schedule(_options, table, _servers!, prober, _history, random);
        var loads = Loads(world);
        foreach (var load in loads) await load.Prepare();
        Console.WriteLine($"chaos: {_options.Length.TotalSeconds} s, seed {_options.Seed}, {(_options.Postgres ? "PostgreSQL" : "SQLite")}, {(_options.Cluster ? "orleans" : "embedded")}, "
            + $"{_servers!.Nodes.Count} processes, faults {string.Join(' ', _options.Faults ?? table.Default)}{(_disk is null ? " (no full disk: this account may not mount)" : "")}");

        await Disturb(loads, schedule, prober);
        await Drain(world);
        foreach (var load in loads) await load.Finish();
        _history.Dispose();

        new Report(_history, schedule.Seen).Print();
        var held = await Check();
        var recovered = schedule.Seen.All(fault => fault.Served is not null);
        Console.WriteLine($"chaos: {(held && recovered ? "PASSED" : "FAILED")}, seed {_options.Seed}, {schedule.Seen.Count} faults, {_history.Timings.Count} facts{(recovered ? "" : ", a fault was not recovered from")}");
        return held && recovered;
    }

    /// <summary>Takes the small file system away.</summary>
    public void Unmount() => _disk?.Dispose();

    public async ValueTask DisposeAsync()
    {
        _wire?.Dispose();
        if (_servers is not null) await _servers.DisposeAsync();
        if (_receivers is not null) await _receivers.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _history.Dispose();
        Unmount();
    }

    private async Task Start()
    {
        var store = _scratch.Folder("store");
        _disk = await Disk.Mount(store, _options.Postgres ? PostgresMegabytes : SqliteMegabytes);
        if (_options.Postgres) _database = await Database.Start(Directory.CreateDirectory(Path.Combine(store, "postgres")).FullName, _options.Cluster ? ClusterPool : Pool);
        _receivers = await Receivers.Start(_history, _options.Seed);
        var kickstart = Path.Combine(_output, "kickstart.json");
        await File.WriteAllTextAsync(kickstart, new JsonObject { ["apiKeys"] = new JsonArray(new JsonObject { ["key"] = Wire.Key, ["name"] = "Chaos", ["keyManager"] = true }) }.ToJsonString());
        _servers = new Servers(_options, Path.Combine(store, "data"), _output, _database?.ConnectionString, kickstart, _history);
        _wire = new Wire(_servers, _history);
        await _servers.Start();
    }

    private ILoad[] Loads(World world)
    {
        var seed = _options.Seed;
        return
        [
            new PasswordLoad(_wire!, world, seed + 100), new RegistrationLoad(_wire!, world, seed + 200), new GuessLoad(_wire!, world, seed + 300),
            new RefreshLoad(_wire!, world, seed + 400), new CodeLoad(_wire!, world, seed + 500), new DeactivationLoad(_wire!, world, seed + 600),
            new ChangeLoad(_wire!, world, _history, seed + 700), new AskedLoad(_wire!, world, _receivers!, seed + 800),
            new PeopleLoad(_wire!, world, _options.People),
        ];
    }

    private async Task Disturb(ILoad[] loads, Schedule schedule, Prober prober)
    {
        using var stop = new CancellationTokenSource(_options.Length);
        using var seen = new CancellationTokenSource();
        var probing = prober.Run(seen.Token);
        var running = loads.SelectMany(load => load.Clients()).Select(client => Task.Run(() => Client(client, stop.Token))).ToList();
        // Whether the last fault was recovered from is looked at also when the time is over.
        await schedule.Run(stop.Token);
        await Task.WhenAll(running).WaitAsync(_options.Length + ClientLimit);
        await seen.CancelAsync();
        await probing.WaitAsync(ClientLimit);
    }

    /// <summary>A client whose set-up meets a fault begins again.</summary>
    private static async Task Client(Func<CancellationToken, Task> client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await client(stop);
                return;
            }
            catch (InvalidOperationException)
            {
                await Random.Shared.Rest(200, stop);
            }
        }
    }

    /// <summary>Waits until nothing is owed to a receiver any more.</summary>
    private async Task Drain(World world)
    {
        var start = _history.Now;
        // What was put off while the clock was ahead is due when it gets there.
        if (!_options.Cluster) await _servers!.SetClocks(600);
        long owed;
        do
        {
            owed = 0;
            foreach (var id in world.Webhooks.Values)
                owed += (long?)(await _wire!.Send(Request.Get($"/api/webhook/{id}/deliveries?state=waiting&numberOfResults=1"))).Body["total"] ?? 1;
            if (owed > 0) await Task.Delay(200);
        }
        while (owed > 0 && TimeSpan.FromMicroseconds(_history.Now - start) < DrainLimit);
        _history.Write("final", "drained", "webhooks", start, _history.Now, owed == 0 ? "ok" : "refused", new JsonObject { ["owed"] = owed });
    }

    private async Task<bool> Check()
    {
        using var checker = Process.Start(new ProcessStartInfo("node", [Build.Source("tests/chaos/checker/check.mjs"), Path.Combine(_output, "history.jsonl")]))!;
        await checker.WaitForExitAsync();
        return checker.ExitCode == 0;
    }
}
