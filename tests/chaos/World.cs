using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>
/// What the server is set up with: a tenant whose events are told, one that locks out after five wrong passwords, and one where receivers
/// decide about new users. Passwords cost little, so that the machine's time goes into what is tested.
/// </summary>
internal sealed class World(Wire wire, Receivers receivers)
{
    public const string Password = "correct horse battery";

    /// <summary>Wrong passwords until the lockout.</summary>
    public const int Guesses = 5;

    public const string Redirect = "https://client.example.com/callback";

    private readonly string _lockout = NewId();

    /// <summary>Tells its events to two receivers.</summary>
    public string Told { get; } = NewId();

    /// <summary>Locks out, for a day.</summary>
    public string Guarded { get; } = NewId();

    /// <summary>Asks three receivers, of whom two have to agree.</summary>
    public string Asked { get; } = NewId();

    public string Application { get; } = NewId();

    public string GuardedApplication { get; } = NewId();

    public string Secret { get; } = NewId();

    /// <summary>The webhooks, by the receiver that they lead to.</summary>
    public Dictionary<string, string> Webhooks { get; } = [];

    /// <summary>Somebody who never mistypes, in the tenant that locks out.</summary>
    public Person Honest { get; private set; } = null!;

    public static string NewId() => Guid.NewGuid().ToString();

    public async Task Build()
    {
        await wire.Must(Request.Post($"/api/user-action/{_lockout}", new { userAction = new { name = "Lockout", temporal = true, preventLogin = true } }));
        await Tenant(Told, """{"user.create.complete":"None","user.update.complete":"None"}""", []);
        await Tenant(Guarded, "{}", new JsonObject
        {
            ["failedAuthenticationConfiguration"] = new JsonObject
            {
                ["userActionId"] = _lockout,
                ["tooManyAttempts"] = Guesses,
                ["resetCountInSeconds"] = 3600,
                ["actionDuration"] = 1,
                ["actionDurationUnit"] = "DAYS",
            },
        });
        await Tenant(Asked, """{"user.create":"SimpleMajority"}""", []);
        await NewApplication(Application, Told);
        await NewApplication(GuardedApplication, Guarded);
        for (var i = 0; i < Receivers.Told; i++) await Webhook("told", i, Told, "user.create.complete", "user.update.complete");
        for (var i = 0; i < Receivers.Asked; i++) await Webhook("asked", i, Asked, "user.create");
        Honest = await NewPerson(Guarded, GuardedApplication);
    }

    /// <summary>A user who is registered, by a request of the set-up.</summary>
    public async Task<Person> NewPerson(string tenant, string application)
    {
        var person = new Person(NewId(), $"{NewId()}@example.com");
        await wire.Must(Register(person, tenant, application));
        return person;
    }

    public static Request Register(Person person, string tenant, string application, string? password = null) => Request.Post(
        $"/api/user/registration/{person.Id}",
        new { user = new { person.Email, password = password ?? Password, firstName = "0" }, registration = new { applicationId = application }, skipVerification = true },
        tenant);

    public Request LogIn(Person person, string? password = null) => LogIn(person, Told, Application, password);

    /// <summary>A login that opens a session.</summary>
    public static Request LogIn(Person person, string tenant, string application, string? password = null) =>
        Request.Post("/api/login", new { loginId = person.Email, password = password ?? Password, applicationId = application }, tenant);

    private async Task Tenant(string id, string events, JsonObject more)
    {
        var tenant = new JsonObject
        {
            ["name"] = id,
            ["passwordEncryptionConfiguration"] = JsonNode.Parse("""{"encryptionScheme":"salted-sha256","encryptionSchemeFactor":1}"""),
            ["jwtConfiguration"] = JsonNode.Parse("""{"refreshTokenUsagePolicy":"OneTimeUse","timeToLiveInSeconds":3600,"refreshTokenTimeToLiveInMinutes":43200}"""),
            ["eventConfiguration"] = new JsonObject
            {
                ["events"] = new JsonObject(((JsonObject)JsonNode.Parse(events)!).Select(e =>
                    KeyValuePair.Create<string, JsonNode?>(e.Key, new JsonObject { ["enabled"] = true, ["transactionType"] = (string)e.Value! }))),
            },
        };
        foreach (var (name, value) in more) tenant[name] = value?.DeepClone();
        await wire.Must(Request.Post($"/api/tenant/{id}", new JsonObject { ["tenant"] = tenant }));
    }

    private Task<JsonObject> NewApplication(string id, string tenant) => wire.Must(Request.Post($"/api/application/{id}", new
    {
        application = new
        {
            name = id,
            loginConfiguration = new { allowTokenRefresh = true, generateRefreshTokens = true, requireAuthentication = false },
            passwordlessConfiguration = new { enabled = true },
            oauthConfiguration = new { authorizedRedirectURLs = new[] { Redirect }, enabledGrants = new[] { "authorization_code", "refresh_token" }, clientSecret = Secret },
        },
    }, tenant));

    private async Task Webhook(string kind, int number, string tenant, params string[] events)
    {
        var id = Webhooks[$"{kind}/{number}"] = NewId();
        await wire.Must(Request.Post($"/api/webhook/{id}", new
        {
            webhook = new
            {
                url = receivers.Url(kind, number),
                connectTimeout = 1_000,
                readTimeout = 2_000,
                tenantIds = new[] { tenant },
                eventsEnabled = events.ToDictionary(name => name, _ => true),
            },
        }));
    }
}

/// <summary>A user of the run.</summary>
internal sealed record Person(string Id, string Email);
