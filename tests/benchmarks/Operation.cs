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
    Update,
    Validate,
    Floor,
    TokenRefresh,
    ClientCredentials,
    Introspect,
}

/// <summary>Whom an operation is compared with.</summary>
internal enum Opponent
{
    /// <summary>ASP.NET Core Identity.</summary>
    Identity,

    /// <summary>The npm package oidc-provider.</summary>
    OidcProvider,
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

    /// <summary>OAuth 2 is compared with a server that speaks it, everything else with Identity.</summary>
    public Opponent Against => Action is Action.TokenRefresh or Action.ClientCredentials or Action.Introspect ? Opponent.OidcProvider : Opponent.Identity;

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
        new("token-refresh-alone", "OAuth refresh, one at a time", Action.TokenRefresh, NoHash, Alone: true),
        new("token-refresh", "OAuth refresh", Action.TokenRefresh, NoHash),
        new("client-credentials-alone", "client credentials, one at a time", Action.ClientCredentials, NoHash, Alone: true),
        new("client-credentials", "client credentials", Action.ClientCredentials, NoHash),
        new("introspect-alone", "introspection, one at a time", Action.Introspect, NoHash, Alone: true),
        new("introspect", "introspection", Action.Introspect, NoHash),
    ];
}
