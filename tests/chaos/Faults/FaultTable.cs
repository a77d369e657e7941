using System.Globalization;

namespace OrleansAuth.Chaos;

/// <summary>The faults that a run can have, by name.</summary>
internal sealed class FaultTable(Options options, Servers servers, Receivers receivers, Database? database, Disk? disk, Random random)
{
    /// <summary>What stands in the table of a run that names none: what can be had here, without the long outage.</summary>
    public IReadOnlyList<string> Default =>
    [
        "kill", "pause", "receivers-dead", "receivers-slow",
        .. options.Cluster ? (string[])["kill-all", "stop"] : ["clock"],
        .. disk is null ? (string[])[] : ["disk-full"],
        .. database is null ? (string[])[] : ["db-restart", "db-crash", "db-freeze"],
    ];

    /// <summary>The fault of a name, with <c>:seconds</c> behind it if it is to last another time.</summary>
    /// <exception cref="FormatException">There is none of that name here.</exception>
    public Fault Find(string name)
    {
        var parts = name.Split(':');
        var length = parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : (double?)null;
        return parts[0] switch
        {
            "kill" => Now(parts[0], () => Any().Kill()),
            "kill-silo" => Now(parts[0], () => AnySilo().Kill()),
            "stop" => Lasting(parts[0], 5, Any().Stop),
            "stop-silo" => Lasting(parts[0], 5, AnySilo().Stop),
            "exchange" when options.Before is not null => Lasting(parts[0], 10 * servers.Nodes.Count, servers.Exchange),
            "kill-all" => Now(parts[0], () => Task.WhenAll(servers.Nodes.Select(node => node.Kill()))),
            "pause" => Pause(Any(), length ?? 3),
            "clock" when !options.Cluster => Clock(length ?? 6),
            "receivers-dead" => For(parts[0], length ?? 4, () => receivers.Dead = true, () => receivers.Dead = false),
            "receivers-slow" => For(parts[0], length ?? 4, () => receivers.Delay = TimeSpan.FromSeconds(4), () => receivers.Delay = TimeSpan.Zero),
            "disk-full" when disk is not null => DiskFull(disk, length ?? 4),
            _ when database is not null => OfDatabase(parts[0], database, length),
            _ => throw new FormatException($"There is no fault '{name}' here: see --help, and what this machine and store allow."),
        };
    }

    private Fault OfDatabase(string name, Database database, double? length) => name switch
    {
        "db-restart" => Now(name, async () =>
        {
            await database.Stop("INT");
            await database.Resume();
        }),
        "db-crash" => Now(name, () => database.KillBackend(random)),
        "db-freeze" => new Fault(name, Seconds(length ?? 5), () => database.Signal("STOP"), () => database.Signal("CONT")),
        "db-outage" => new Fault(name, Seconds(length ?? 45), () => database.Stop("QUIT"), database.Resume),
        _ => throw new FormatException($"There is no fault '{name}' here: see --help, and what this machine and store allow."),
    };

    /// <summary>Lasts as long as it takes; its length is what is kept free for that.</summary>
    private static Fault Lasting(string name, double length, Func<Task> work) => new(name, Seconds(length), () => Task.CompletedTask, () => Task.CompletedTask) { Meanwhile = work };

    private Node AnySilo() => servers.Nodes.Where(node => !node.Serves).ToArray() is { Length: > 0 } silos ? silos[random.Next(silos.Length)] : Any();

    private Node Any() => servers.Nodes[random.Next(servers.Nodes.Count)];

    private static Fault Pause(Node node, double length) => new("pause", Seconds(length), () => node.Signal("STOP"), () => node.Signal("CONT"));

    /// <summary>Five minutes ahead, then five behind, then right again.</summary>
    private Fault Clock(double length) => new("clock", Seconds(length), () => servers.SetClocks(300), () => servers.SetClocks(0))
    {
        Meanwhile = async () =>
        {
            await Task.Delay(Seconds(length / 2));
            await servers.SetClocks(-300);
            await Task.Delay(Seconds(length / 2));
        },
    };

    private Fault DiskFull(Disk disk, double length) => new("disk-full", Seconds(length), () => Did(disk.Fill), async () =>
    {
        disk.Free();
        // A PostgreSQL that could not write its log has ended; whoever watches over it starts it again.
        if (database is not null) await database.Resume();
    })
    {
        Meanwhile = async () =>
        {
            // Again and again: what the store gives up by itself is taken as well.
            for (var left = Seconds(length); left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(200))
            {
                disk.Fill();
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        },
    };

    private static Fault For(string name, double length, Action begin, Action end) => new(name, Seconds(length), () => Did(begin), () => Did(end));

    private static Fault Now(string name, Func<Task> begin) => new(name, TimeSpan.Zero, begin, () => Task.CompletedTask);

    private static Task Did(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
