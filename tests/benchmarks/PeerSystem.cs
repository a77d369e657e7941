using System.Text.Json;

namespace OrleansAuth.Benchmarks;

/// <summary>ASP.NET Core Identity, in the project beside this one.</summary>
internal sealed class PeerSystem(Database database, Options options, Scratch scratch) : ISystem
{
    /// <summary>Its name on the command line and in the report.</summary>
    public const string Title = "peer";

    private readonly Dictionary<int, List<Account>> _accounts = [];
    private PostgresCluster? _postgres;
    private ServerProcess? _server;
    private Wire? _wire;

    public string Name => Title;

    public ServerProcess Server => _server ?? throw new InvalidOperationException("The peer is not started.");

    public int? DatabaseProcess => _postgres?.Id;

    private Wire Http => _wire ?? throw new InvalidOperationException("The peer is not started.");

    public async Task Start()
    {
        if (database is Database.PostgreSql) _postgres ??= await PostgresCluster.Start(scratch.Folder("peer-postgres"));
        var connection = _postgres?.ConnectionString ?? $"Data Source={Path.Combine(scratch.Folder("peer-sqlite"), "peer.db")}";
        _server = ServerProcess.Start(Build.Assembly("OrleansAuth.Benchmarks.Peer"),
        [
            "--urls", "http://127.0.0.1:0",
            "--Store", database is Database.PostgreSql ? "postgres" : "sqlite",
            "--ConnectionString", connection,
            "--Sessions", options.PeerStoresSessions ? "durable" : "none",
        ]);
        _wire = new Wire(await _server.Address());
    }

    public async Task Stop()
    {
        _wire?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public async Task Prepare()
    {
        foreach (var hash in options.Operations.Select(operation => operation.Hash).Append(Operation.FullHash).Distinct())
        {
            var accounts = Enumerable.Range(0, options.Users).Select(_ => Account.New()).ToList();
            await Parallel.ForEachAsync(accounts, async (account, _) => await Http.Post("/register", NewUser(account, hash)));
            _accounts[hash] = accounts;
        }
    }

    public Task FirstLogin() => Http.Post("/login", Wire.Body(_accounts[Operation.FullHash][0]));

    public async Task<Func<Task>> Worker(Operation operation, int worker) => operation.Action switch
    {
        Action.Login => Login(operation.Hash, worker),
        Action.Refresh => Refresh((await Session(operation.Hash, worker)).RefreshToken),
        Action.Create => () => Http.Post("/register", NewUser(Account.New(), operation.Hash)),
        Action.Validate => Validate((await Session(operation.Hash, worker)).Token),
        _ => () => Http.Get("/floor"),
    };

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    private static byte[] NewUser(Account account, int hash) =>
        Wire.Body(new { account.Email, account.Password, Iterations = hash });

    private Func<Task> Login(int hash, int worker)
    {
        var bodies = _accounts[hash].Select(Wire.Body).ToList();
        var next = worker;
        return () => Http.Post("/login", bodies[(next += options.InFlight) % bodies.Count]);
    }

    private Func<Task> Refresh(string token) => async () =>
    {
        var answer = await Http.Post("/refresh", Wire.Body(new { refreshToken = token }));
        token = JsonSerializer.Deserialize<PeerSession>(answer, JsonSerializerOptions.Web)!.RefreshToken;
    };

    private Func<Task> Validate(string token)
    {
        var bearer = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" };
        return () => Http.Get("/validate", bearer);
    }

    private async Task<PeerSession> Session(int hash, int worker)
    {
        var accounts = _accounts[hash];
        var answer = await Http.Post("/login", Wire.Body(accounts[worker % accounts.Count]));
        return JsonSerializer.Deserialize<PeerSession>(answer, JsonSerializerOptions.Web)!;
    }

    private sealed record PeerSession(string Token, string RefreshToken);
}
