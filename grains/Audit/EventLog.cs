using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Audit;

/// <summary>Writes what the server reports about itself to those who run it.</summary>
internal static class EventLog
{
    public const string Error = "Error";
    public const string Information = "Information";
    public const string Debug = "Debug";

    /// <param name="id">The caller's own, so that a repeated commit writes one entry.</param>
    /// <param name="message">What happened and what to do about it. No secrets.</param>
    public static void Append(Commit commit, Guid id, Clock clock, string type, string message) =>
        commit.Upsert(Tables.EventLog, ("id", id), ("type", type), ("message", message), ("instant", clock.Now));
}
