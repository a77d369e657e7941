using Microsoft.Extensions.Configuration;

namespace OrleansAuth.Storage;

/// <summary>Where everything is kept.</summary>
public sealed record StoreOptions
{
    /// <summary><c>Storage:Path</c>: the data folder of a one-machine installation, created when missing. One process owns it.</summary>
    public string Path { get; init; } = "./data";

    /// <summary><c>Storage:ConnectionString</c>: PostgreSQL, in Npgsql's form. When set, the store is there and not in the folder.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Whether the store is PostgreSQL.</summary>
    public bool IsPostgres => !string.IsNullOrWhiteSpace(ConnectionString);

    /// <summary>Reads the <c>Storage</c> section of the settings.</summary>
    public static StoreOptions From(IConfiguration settings)
    {
        var section = settings.GetSection("Storage");
        return new StoreOptions
        {
            Path = section["Path"] is { Length: > 0 } path ? path : "./data",
            ConnectionString = section["ConnectionString"],
        };
    }

    // A record would print the password of the connection string.
    public override string ToString() => IsPostgres ? "PostgreSQL" : Path;
}
