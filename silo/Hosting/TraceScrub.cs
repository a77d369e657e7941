using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace OrleansAuth.Hosting;

/// <summary>
/// Lets only those attributes of a span go out that are known to be harmless. What the runtime and Orleans write by themselves
/// holds addresses with their queries and keys of grains, and with them tokens, ids and names of people.
/// </summary>
internal sealed class TraceScrub : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Harmless = new[]
    {
        "http.request.method", "http.route", "http.response.status_code", "network.protocol.version", "server.address", "server.port",
        "error.type", "rpc.system", "rpc.service", "rpc.method", "outcome",
    }.ToFrozenSet(StringComparer.Ordinal);

    public override void OnEnd(Activity data)
    {
        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Harmless.Contains(name)) data.SetTag(name, null);
        }

        // An exception's message may quote what was sent.
        if (data.StatusDescription is not null) data.SetStatus(data.Status);
    }
}
