using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;

namespace OrleansAuth.CommandLine;

/// <summary>Shows events as they come in, each as a line, after they were handed on.</summary>
internal sealed class HeardEvents(Terminal terminal, ForwardedEvents forwarded, bool asJson)
{
    private volatile bool _begun;

    /// <summary>From now on a test event is one that somebody sends; those before it only tried whether events come through.</summary>
    public void Begin() => _begun = true;

    /// <returns>The status that the server gets.</returns>
    public async Task<int> Take(HeardEvent heard)
    {
        if (heard.Type == EventTypes.Test && !_begun) return StatusCodes.Status200OK;
        var began = Stopwatch.GetTimestamp();
        var answer = forwarded.Wanted ? await forwarded.Send(heard) : null;
        terminal.Write(asJson ? AsJson(heard, answer) : AsLine(heard, answer, Stopwatch.GetElapsedTime(began)));
        return answer is null ? StatusCodes.Status200OK : answer.Status == 0 ? StatusCodes.Status502BadGateway : answer.Status;
    }

    private static string AsLine(HeardEvent heard, ForwardedAnswer? answer, TimeSpan took)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var further = answer is null ? "" : answer.Status == 0 ? $"  -> {answer.Fault}" : $"  -> {answer.Status} in {took.TotalMilliseconds:0} ms";
        return Terminal.Clean($"{time}  {heard.Type,-32}  {heard.Id}  verified{further}");
    }

    private static string AsJson(HeardEvent heard, ForwardedAnswer? answer)
    {
        var line = new JsonObject { ["id"] = heard.Id, ["type"] = heard.Type, ["verified"] = true, ["event"] = heard.Event.DeepClone() };
        if (answer is not null) line["forwarded"] = answer.Status == 0 ? new JsonObject { ["fault"] = answer.Fault } : new JsonObject { ["status"] = answer.Status };
        return line.ToJsonString(ContractJson.Options);
    }
}
