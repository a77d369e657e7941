namespace OrleansAuth.Benchmarks;

/// <summary>Where both sides keep their data.</summary>
internal enum Database
{
    Sqlite,
    PostgreSql,
}

/// <summary>What one request of a round does.</summary>
internal enum Action
{
    Login,
    Refresh,
    Create,
    Validate,
    Floor,
}

/// <summary>
/// One line of the comparison. <paramref name="Hash"/> says how much work a password hash is:
/// <see cref="FullHash"/> as users get it, or <see cref="NoHash"/> to see everything else.
/// </summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Title">Its name in the report.</param>
/// <param name="Alone">One request at a time instead of many.</param>
internal sealed record Operation(string Key, string Title, Action Action, int Hash, bool Alone = false)
{
    /// <summary>PBKDF2 iterations of a real password.</summary>
    public const int FullHash = 24_000;

    /// <summary>One iteration: the hash no longer counts.</summary>
    public const int NoHash = 1;

    /// <summary>Everything that is measured under load.</summary>
    public static readonly IReadOnlyList<Operation> All =
    [
        new("login-alone", "login, one at a time", Action.Login, FullHash, Alone: true),
        new("login", "login", Action.Login, FullHash),
        new("login-no-hash", "login, hash left out", Action.Login, NoHash),
        new("refresh", "refresh", Action.Refresh, NoHash),
        new("create", "user create", Action.Create, FullHash),
        new("create-no-hash", "user create, hash left out", Action.Create, NoHash),
        new("validate", "token validate", Action.Validate, NoHash),
        new("floor", "HTTP floor", Action.Floor, NoHash),
    ];
}
