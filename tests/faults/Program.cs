using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Events;

// The server as it is, but for two things that no setting can do: the first argument names the step of a transaction at which it kills
// itself (-1: at none), the second how many seconds its clock is ahead. The rest are its settings. Each line that it reads sets
// the clock again, which no time that is measured notices. Started by the tests of kills and by the fault harness.
var (point, clock) = (Enum.Parse<FaultPoint>(args[0]), new TimeAhead(double.Parse(args[1], CultureInfo.InvariantCulture)));
var server = AuthServer.Create(args[2..], services => services.AddSingleton<IFaultPoints>(new KillsAt(point)).AddSingleton(new Clock(clock)));
if (Console.IsInputRedirected) _ = Task.Run(clock.Follow);
return await server.Run();

/// <summary>SIGKILL: nothing is finished, flushed or told.</summary>
internal sealed class KillsAt(FaultPoint point) : IFaultPoints
{
    public void Reach(FaultPoint reached, Guid eventId)
    {
        if (reached == point) Process.GetCurrentProcess().Kill();
    }
}

/// <summary>The machine's clock, and some seconds more.</summary>
internal sealed class TimeAhead(double seconds) : TimeProvider
{
    private long _ticks = TimeSpan.FromSeconds(seconds).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    /// <summary>Jumps to what standard input says, until that ends.</summary>
    public async Task Follow()
    {
        while (await Console.In.ReadLineAsync() is { } line)
            if (double.TryParse(line, CultureInfo.InvariantCulture, out var ahead)) Volatile.Write(ref _ticks, TimeSpan.FromSeconds(ahead).Ticks);
    }
}
