using System.Diagnostics.Metrics;
using OrleansAuth.Common;

namespace OrleansAuth.Tokens;

/// <summary>Tokens that were signed, and refresh tokens that were exchanged or refused.</summary>
internal static class TokenMetrics
{
    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.tokens.issued", "{token}", "Tokens that were signed, by kind: access, id, entity, vended.");

    private static readonly Counter<long> Refreshes = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.token.refreshes", "{refresh}", "Refresh tokens that were presented, by outcome: refreshed, refused.");

    public static void CountIssued(string kind) => Issued.Add(1, Telemetry.Label("kind", kind));

    /// <summary>Counts what became of a refresh token, and hands the outcome on.</summary>
    public static Outcome<T> CountRefresh<T>(this Outcome<T> outcome)
    {
        Count(outcome.Refusal is null ? "refreshed" : "refused");
        return outcome;
    }

    /// <summary>Counts a refresh token that nobody knows.</summary>
    public static void CountUnknownRefresh() => Count("refused");

    private static void Count(string outcome) => Refreshes.Add(1, Telemetry.Label("outcome", outcome));
}
