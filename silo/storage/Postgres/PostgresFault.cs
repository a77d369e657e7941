using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>Tells an outage of PostgreSQL from a bug, and says what to do about it without naming a secret.</summary>
internal static class PostgresFault
{
    /// <summary>What callers are told: an outage with advice, or the exception itself where the statement is at fault.</summary>
    public static Exception Explain(Exception reason, string place) =>
        Advice(reason, place) is { } advice ? new StoreUnavailableException(advice, reason) : reason;

    /// <summary>The connection is gone, or the server ended it: another one may work at once.</summary>
    public static bool IsLostConnection(Exception reason) => reason switch
    {
        PostgresException server => server.SqlState is "57P01" or "57P02" or "57P03" || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or IOException => true,
        _ => false,
    };

    /// <summary>Two transactions stood in each other's way; the same one may well succeed now.</summary>
    public static bool IsClash(Exception reason) => reason is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable,
    };

    private static string? Advice(Exception reason, string place) => reason switch
    {
        PostgresException server => ServerAdvice(server.SqlState, place),
        NpgsqlException { InnerException: TimeoutException } =>
            $"PostgreSQL at {place} does not answer in time. Check its load and the network; requests are refused until it does.",
        NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException =>
            $"PostgreSQL at {place} cannot be reached. Check that it runs and that host and port in Storage:ConnectionString are right.",
        ObjectDisposedException => "The store is closed: the server is stopping.",
        _ => null,
    };

    private static string? ServerAdvice(string code, string place) => code switch
    {
        "3D000" => $"PostgreSQL at {place} has no such database. Create it, or correct Storage:ConnectionString.",
        "42501" => $"PostgreSQL at {place} refuses this user a right. Make the user of Storage:ConnectionString the owner of the database.",
        "25006" => $"PostgreSQL at {place} is read-only, as a standby is. Point Storage:ConnectionString at the primary.",
        "53100" => $"The disk of PostgreSQL at {place} is full. Free some space; writes are refused until then and nothing is lost.",
        "53300" => $"PostgreSQL at {place} has no connection left. Raise its max_connections, or lower Maximum Pool Size in Storage:ConnectionString.",
        "57014" => $"PostgreSQL at {place} does not answer in time. Check its load; requests are refused until it does.",
        _ when code.StartsWith("28", StringComparison.Ordinal) =>
            $"PostgreSQL at {place} refuses the login. Check the user name and password in Storage:ConnectionString.",
        _ when code[..2] is "08" or "53" or "57" or "58" or "XX" =>
            $"PostgreSQL at {place} is not available (code {code}). Look at its log; requests are refused until it is back.",
        _ => null,
    };
}
