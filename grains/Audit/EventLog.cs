using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Audit;

/// <summary>Writes what the server reports about itself to those who run it, and tells the webhooks that want to hear it.</summary>
internal sealed class EventLog(SystemEvents events, Clock clock)
{
    public const string Error = "Error";
    public const string Information = "Information";
    public const string Debug = "Debug";

    public void Append(Commit commit, string type, string message) => Append(commit, OrderedId.New(clock.Now), type, message);

    /// <param name="id">The caller's own, an <see cref="OrderedId"/>, so that a repeated commit writes one entry and tells one event.</param>
    /// <param name="message">What happened and what to do about it. No secrets.</param>
    /// <param name="aboutWebhooks">It is about telling webhooks something, so none is told of it: that might fail too, without an end.</param>
    public void Append(Commit commit, Guid id, string type, string message, bool aboutWebhooks = false)
    {
        commit.Upsert(Tables.EventLog, ("id", id), ("type", type), ("message", message), ("instant", clock.Now));
        if (!aboutWebhooks && events.Tell(commit, EventTypes.EventLogCreate, id, null, null, () => Show(id, type, message))) commit.Number(Tables.EventLog, id);
    }

    private JsonObject Show(Guid id, string type, string message) => new()
    {
        ["eventLog"] = new JsonObject { ["id"] = EventCommit.NumberOf(id), ["insertInstant"] = clock.Now, ["message"] = message, ["type"] = type },
    };
}
