namespace OrleansAuth.Webhooks;

/// <summary>
/// Whether a receiver as a whole works, by how deliveries to it ended:
/// <code>
///             5 failures in a row, or it asks to be left alone
///   closed ──────────────────────────────────────────────────▶ open ◀──────┐
///     ▲                                                          │         │ it failed too:
///     │ it answered                       the pause is over,     ▼         │ the pause doubles
///     └────────────────────────────────── one delivery goes ── probing ────┘
/// </code>
/// Failures are what speaks against the receiver and not against an event: no connection, no answer in time, 5xx, and 429 or 503 that ask
/// for a pause. Every other answer shows that somebody is there. While it is open nothing is sent but the probe.
/// </summary>
internal sealed record Circuit
{
    /// <summary>How it begins, and what it is after every answer that does not speak against the receiver.</summary>
    public static readonly Circuit Closed = new();

    /// <summary>Failures in a row that open it.</summary>
    public const int Tolerated = 5;

    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Who asks for more is asked again after this.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromDays(1);

    private DateTimeOffset? OpenUntil { get; init; }
    private bool IsProbing { get; init; }
    private int Failures { get; init; }
    private int Pauses { get; init; }

    public bool IsOpen => OpenUntil is not null;

    /// <summary>Whether this is the first pause of an outage.</summary>
    public bool HasJustOpened => Pauses == 1;

    /// <summary>How long nothing is to be sent, or null where a delivery may go. While a probe is under way, others wait a moment for how it ends.</summary>
    public TimeSpan? Wait(DateTimeOffset now) => OpenUntil switch
    {
        null => null,
        { } until when until > now => until - now,
        _ => IsProbing ? TimeSpan.FromSeconds(1) : null,
    };

    /// <summary>A delivery goes; if the circuit is open it is the probe.</summary>
    public Circuit Begun() => IsOpen ? this with { IsProbing = true } : this;

    /// <summary>A delivery ended without telling anything, since the server stops.</summary>
    public Circuit Abandoned() => this with { IsProbing = false };

    /// <summary>A delivery failed in a way that speaks against the receiver.</summary>
    /// <param name="wasProbe">What was sent before the circuit opened and fails now says nothing new.</param>
    /// <param name="asked">The pause that it asked for.</param>
    /// <param name="chance">From 0 to 1.</param>
    public Circuit Failed(bool wasProbe, TimeSpan? asked, DateTimeOffset now, double chance)
    {
        if (IsOpen && !wasProbe) return this;
        var failures = Failures + 1;
        if (!IsOpen && failures < Tolerated && asked is null) return this with { Failures = failures };
        var full = TimeSpan.FromTicks((long)Math.Min(LongestPause.Ticks, FirstPause.Ticks * Math.Pow(2, Math.Min(Pauses, 30))));
        var pause = full * (1 - (chance / 2));
        if (asked > pause) pause = asked.Value < LongestAsked ? asked.Value : LongestAsked;
        return new Circuit { Failures = failures, Pauses = Pauses + 1, OpenUntil = now + pause };
    }
}
