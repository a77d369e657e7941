using System.Text.Json;
using OrleansAuth.Storage;

namespace OrleansAuth.Benchmarks;

/// <summary>
/// Our server as an operator starts it, set up through its API: one tenant and application for every amount of hash
/// work, refresh tokens that are stored and good once.
/// </summary>
internal sealed class OurSystem(Database database, Options options, Scratch scratch) : ISystem
{
    /// <summary>Its name on the command line and in the report.</summary>
    public const string Title = "ours";

    /// <summary>What webhooks of the benchmark want.</summary>
    public const string EventType = "user.login.success";

    /// <summary>What webhooks are asked about where there is a <see cref="Transaction"/>.</summary>
    private const string AskedType = "user.update";

    private readonly string _apiKey = Guid.NewGuid().ToString();
    private readonly string _masterKey = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
    private readonly Dictionary<int, Realm> _realms = [];
    private PostgresCluster? _postgres;
    private ServerProcess? _server;
    private Wire? _wire;

    public string Name { get; init; } = Title;

    /// <summary>Where events go: a webhook that every tenant has; null for no webhook, and no events.</summary>
    public Uri? Receiver { get; init; }

    /// <summary>How many webhooks must agree to an update of a user, as the contract names it; null for no such event.</summary>
    public string? Transaction { get; init; }

    /// <summary>The store, for whoever writes into it while the server is stopped.</summary>
    public StoreOptions Storage => new() { Path = Path.Combine(Home, "data"), ConnectionString = _postgres?.ConnectionString };

    public ServerProcess Server => _server ?? throw new InvalidOperationException("Our server is not started.");

    public int? DatabaseProcess => _postgres?.Id;

    private string Wanted => Transaction is null ? EventType : AskedType;

    private string Home => scratch.Folder($"{Name.Replace(' ', '-')}-{database}");

    private Wire Http => _wire ?? throw new InvalidOperationException("Our server is not started.");

    public async Task Start()
    {
        var folder = Home;
        var kickstart = Path.Combine(folder, "kickstart.json");
        await File.WriteAllBytesAsync(kickstart, Wire.Body(new { apiKeys = new[] { new { key = _apiKey, description = "benchmark" } } }));

        List<string> arguments =
            ["--urls", "http://127.0.0.1:0", "--Storage:Path", Path.Combine(folder, "data"), "--Kickstart:File", kickstart, "--Webhooks:AllowPrivateAddresses", "true"];
        if (database is Database.PostgreSql)
        {
            _postgres ??= await PostgresCluster.Start(scratch.Folder($"{Name.Replace(' ', '-')}-postgres"));
            arguments.AddRange(["--Storage:ConnectionString", _postgres.ConnectionString, "--Secrets:MasterKey", _masterKey]);
        }

        _server = ServerProcess.Start(Build.Assembly("OrleansAuth.Web"), arguments);
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
            var realm = _realms[hash] = await NewRealm(hash);
            await Parallel.ForEachAsync(realm.Accounts, async (account, _) => await Http.Post("/api/user/registration", Wire.Body(new
            {
                user = new { account.Email, account.Password },
                registration = new { realm.ApplicationId },
                skipVerification = true,
                skipRegistrationVerification = true,
            }), realm.Headers));
        }
    }

    public Task FirstLogin()
    {
        var realm = _realms[Operation.FullHash];
        return Http.Post("/api/login", realm.Login(realm.Accounts[0]), realm.Headers);
    }

    public async Task<Func<Task>> Worker(Operation operation, int worker)
    {
        if (operation.Action is Action.Floor) return () => Http.Get("/api/health");
        var realm = _realms[operation.Hash];
        return operation.Action switch
        {
            Action.Login => Login(realm, worker),
            Action.Refresh => Refresh(realm, (await Session(realm, worker)).RefreshToken),
            Action.Create => () => Http.Post("/api/user", Realm.NewUser(Account.New()), realm.Headers),
            Action.Validate => Validate(realm, (await Session(realm, worker)).Token),
            _ => await realm.Clients.Worker(Http, operation.Action, realm.Accounts[worker % realm.Accounts.Count]),
        };
    }

    /// <summary>Updates a user of its own, over and over.</summary>
    public async Task<Func<Task>> Updates()
    {
        var realm = _realms[Operation.FullHash];
        var made = JsonSerializer.Deserialize<JsonElement>(await Http.Post("/api/user", Realm.NewUser(Account.New()), realm.Headers));
        var (path, count) = ($"/api/user/{made.GetProperty("user").GetProperty("id").GetString()}", 0);
        return () => Http.Patch(path, Wire.Body(new { user = new { lastName = $"{++count}" } }), realm.Headers);
    }

    /// <summary>A webhook of all tenants that wants logins, and is not asked about them, or updates, and is.</summary>
    public async Task<Guid> NewWebhook()
    {
        var id = Guid.NewGuid();
        await Call($"/api/webhook/{id}", new
        {
            webhook = new { url = Receiver, global = true, connectTimeout = 1_000, readTimeout = 5_000, eventsEnabled = new Dictionary<string, bool> { [Wanted] = true } },
        });
        return id;
    }

    /// <summary>Calls the API with the key that may do everything.</summary>
    public Task<JsonElement> Call(string path, object document) => Http.PostForJson(path, document, new Dictionary<string, string> { ["Authorization"] = _apiKey });

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    private async Task<Realm> NewRealm(int hash)
    {
        var key = new Dictionary<string, string> { ["Authorization"] = _apiKey };
        var tenant = await Http.PostForJson("/api/tenant", new
        {
            tenant = new
            {
                name = $"benchmark {hash}",
                issuer = "https://benchmark.example.com",
                eventConfiguration = new { events = new Dictionary<string, object> { [Wanted] = new { enabled = Receiver is not null, transactionType = Transaction ?? "None" } } },
                passwordEncryptionConfiguration = new { encryptionScheme = "salted-pbkdf2-hmac-sha256", encryptionSchemeFactor = hash },
                jwtConfiguration = new { refreshTokenUsagePolicy = "OneTimeUse", timeToLiveInSeconds = 3600, refreshTokenTimeToLiveInMinutes = 43_200 },
            },
        }, key);

        var tenantId = tenant.GetProperty("tenant").GetProperty("id").GetString()!;
        key["X-FusionAuth-TenantId"] = tenantId;
        var secret = Guid.NewGuid().ToString("N");
        var application = (await Http.PostForJson("/api/application", new
        {
            application = new
            {
                name = $"benchmark {hash}",
                loginConfiguration = new { allowTokenRefresh = true, generateRefreshTokens = true, requireAuthentication = true },
                oauthConfiguration = new { clientSecret = secret, enabledGrants = new[] { "password", "refresh_token" } },
            },
        }, key)).GetProperty("application").GetProperty("id").GetString()!;

        return new Realm(
            tenantId, application, key, await OurClients.Make(Http, application, secret, key), [.. Enumerable.Range(0, options.Users).Select(_ => Account.New())]);
    }

    private Func<Task> Login(Realm realm, int worker)
    {
        var bodies = realm.Accounts.Select(realm.Login).ToList();
        var next = worker;
        return () => Http.Post("/api/login", bodies[(next += options.InFlight) % bodies.Count], realm.Headers);
    }

    private Func<Task> Refresh(Realm realm, string token) => async () =>
    {
        var answer = await Http.Post("/api/jwt/refresh", Wire.Body(new { refreshToken = token }), realm.TenantHeader);
        token = JsonSerializer.Deserialize<OurSession>(answer, JsonSerializerOptions.Web)!.RefreshToken;
    };

    private Func<Task> Validate(Realm realm, string token)
    {
        var bearer = new Dictionary<string, string>(realm.TenantHeader) { ["Authorization"] = $"Bearer {token}" };
        return () => Http.Get("/api/jwt/validate", bearer);
    }

    private async Task<OurSession> Session(Realm realm, int worker)
    {
        var body = realm.Login(realm.Accounts[worker % realm.Accounts.Count]);
        return JsonSerializer.Deserialize<OurSession>(await Http.Post("/api/login", body, realm.Headers), JsonSerializerOptions.Web)!;
    }

    private sealed record OurSession(string Token, string RefreshToken);

    /// <summary>A tenant with its clients and the users of one application.</summary>
    private sealed record Realm(string TenantId, string ApplicationId, IReadOnlyDictionary<string, string> Headers, OurClients Clients, List<Account> Accounts)
    {
        /// <summary>For calls that need no key.</summary>
        public Dictionary<string, string> TenantHeader { get; } = new() { ["X-FusionAuth-TenantId"] = TenantId };

        public byte[] Login(Account account) => Wire.Body(new { loginId = account.Email, account.Password, ApplicationId });

        public static byte[] NewUser(Account account) =>
            Wire.Body(new { user = new { account.Email, account.Password }, skipVerification = true });
    }
}
