using System.Globalization;

namespace OrleansAuth.Chaos;

/// <summary>What a run is asked to do.</summary>
internal sealed record Options
{
    public const string Usage = """
        Usage: tests/chaos/run [options]
          --seconds N        length of the load, 60 unless given; at least 20
          --seed N           decides faults, votes and choices; printed, so that a run can be repeated
          --store NAME       sqlite (default) or postgres
          --engine NAME      embedded (default) or orleans
          --silos N          how many: silos beside two web tiers on Orleans (default 3, postgres only); on the embedded engine
                             whole servers on one PostgreSQL (default 1)
          --faults LIST      names with commas, each with :seconds if need be; default: all that the store and this machine allow.
                             kill, kill-silo, kill-all, stop, stop-silo, exchange, pause, clock, receivers-dead, receivers-slow, disk-full,
                             db-restart, db-crash, db-freeze, db-outage
          --before FOLDER    silos and web tiers begin as those of another build, the bin folder of its artifacts, and the fault exchange
                             puts this build in their place, one process after the other, silos first, and the next time the other way round
          --people N         so many users who do nothing but sign in, 0.15 seconds after the last answer; none unless given
          --every N          seconds from one fault's end to the next one, 4 unless given
          --keep FOLDER      leaves history and logs in that folder
        """;

    public TimeSpan Length { get; private init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; private init; } = Random.Shared.Next(1, 1_000_000);

    public bool Postgres { get; private init; }

    /// <summary>Silos and web tiers of their own, as processes of the cluster build.</summary>
    public bool Cluster { get; private init; }

    public int Silos { get; private init; } = 1;

    /// <summary>Null for all that can be had here.</summary>
    public IReadOnlyList<string>? Faults { get; private init; }

    public TimeSpan Every { get; private init; } = TimeSpan.FromSeconds(4);

    public string? Keep { get; private init; }

    /// <summary>The build that processes are started from until it is exchanged; null for this one.</summary>
    public string? Before { get; private init; }

    /// <summary>How many do nothing but sign in.</summary>
    public int People { get; private init; }

    /// <exception cref="FormatException">An option is unknown or cannot be read; the message says which.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
            options = options.With(args[i], i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value."));
        if (options.Cluster && !options.Postgres) throw new FormatException("--engine orleans needs --store postgres.");
        if (options is { Before: not null, Cluster: false }) throw new FormatException("--before needs --engine orleans: one process alone cannot be exchanged without a pause.");
        if (options is { Silos: > 1, Postgres: false }) throw new FormatException("--silos needs --store postgres: a data folder belongs to one process.");
        return options is { Cluster: true, Silos: 1 } ? options with { Silos = 3 } : options;
    }

    private Options With(string name, string value) => name switch
    {
        "--seconds" => this with { Length = TimeSpan.FromSeconds(Number(name, value, 20)) },
        "--seed" => this with { Seed = Number(name, value, 1) },
        "--store" => this with { Postgres = Either(name, value, "sqlite", "postgres") },
        "--engine" => this with { Cluster = Either(name, value, "embedded", "orleans") },
        "--silos" => this with { Silos = Number(name, value, 1) },
        "--faults" => this with { Faults = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
        "--every" => this with { Every = TimeSpan.FromSeconds(Number(name, value, 1)) },
        "--keep" => this with { Keep = Path.GetFullPath(value) },
        "--before" => this with { Before = Path.GetFullPath(value) },
        "--people" => this with { People = Number(name, value, 0) },
        _ => throw new FormatException($"Unknown option: {name}"),
    };

    private static bool Either(string name, string value, string off, string on) =>
        value == on || (value == off ? false : throw new FormatException($"{name} is {off} or {on}, not '{value}'."));

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{name} needs a whole number of at least {least}.");
}
