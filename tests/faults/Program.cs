using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Events;

// The server as it is, but for two things that no setting can do: the first argument names the step of a transaction at which it kills
// itself, the second how many seconds its clock is ahead. The rest are its settings. Started by the tests of kills.
var (point, ahead) = (Enum.Parse<FaultPoint>(args[0]), TimeSpan.FromSeconds(double.Parse(args[1], CultureInfo.InvariantCulture)));
var server = AuthServer.Create(args[2..], services => services.AddSingleton<IFaultPoints>(new KillsAt(point)).AddSingleton(new Clock(new TimeAhead(ahead))));
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
internal sealed class TimeAhead(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
