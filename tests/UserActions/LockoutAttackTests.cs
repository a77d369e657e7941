using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Setup;
using OrleansAuth.Users;

namespace OrleansAuth.UserActions;

/// <summary>Guesses that come all at once, on several nodes, and across the death of a process.</summary>
public sealed class LockoutAttackTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_thousand_guesses_at_once_five_are_looked_at(bool known)
    {
        using var hasher = new CountingHasher();
        await using var server = await TestServer.Start(services => services.AddSingleton<IPasswordHasher>(hasher));
        var world = await ActionWorld.WithLockout(server);
        var (name, before) = (known ? world.Email : "nobody@example.com", hasher.Verified);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(() => world.LogIn($"guess {i}", name))));

        Assert.Equal(5, hasher.Verified - before);
        Assert.Equal(5, answers.Count(a => (int)a.Status == 404));
        Assert.Equal(995, answers.Count(a => (int)a.Status == 409));
        (await world.LogIn(loginId: name)).Is(409);
        Assert.Equal(5, hasher.Verified - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_nodes_give_no_more_guesses_than_one(bool known)
    {
        await using var pair = await Pair.Start();
        var name = known ? pair.First.Email : "nobody@example.com";
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(() => (i % 2 == 0 ? pair.First : pair.Second).LogIn($"guess {i}", name))));
        // Whoever lost the race for one of the five is told of the lockout, or to come again.
        Assert.Equal(5, answers.Count(a => (int)a.Status == 404));
        Assert.All(answers, a => Assert.Contains((int)a.Status, (int[])[404, 409, 429]));
        (await pair.First.LogIn(loginId: name)).Is(409);
        (await pair.Second.LogIn(loginId: name)).Is(409);
    }

    [Fact]
    public async Task A_node_that_has_not_heard_of_the_lockout_lets_nobody_in()
    {
        await using var pair = await Pair.Start();
        (await pair.Second.LogIn()).Is(200);
        (await pair.First.LogIn()).Is(200);
        await pair.Second.Fail(1);
        (await pair.Second.LogIn()).Is(200);
        await pair.First.Fail(5);
        (await pair.Second.LogIn()).Is(409);
    }

    [Fact]
    public async Task A_node_that_has_not_heard_of_the_lockout_does_not_say_that_a_password_is_right()
    {
        await using var pair = await Pair.Start();
        (await pair.First.Server.Patch($"/api/user/{pair.First.User}", new { user = new { passwordChangeRequired = true } }, tenant: pair.First.Tenant)).Is(200);
        (await pair.Second.LogIn()).Is(203);
        await pair.First.Fail(5);
        (await pair.Second.LogIn()).Is(409);
    }

    [Fact]
    public async Task A_server_that_is_killed_forgets_neither_failures_nor_a_lockout()
    {
        using var folder = new TemporaryFolder();
        var setting = $"--Kickstart:File={folder.Write("kickstart.json", Kickstart)}";
        foreach (var (guesses, status) in ((int, int)[])[(3, 404), (2, 404), (1, 409)])
        {
            await using var server = await ServerProcess.Start(folder.Path, setting);
            foreach (var name in (string[])["ada@example.com", "nobody@example.com"])
                for (var i = 0; i < guesses; i++) Assert.Equal(status, await LogIn(server, name, "wrong"));
            if (status == 409) Assert.Equal(409, await LogIn(server, "ada@example.com", "correct horse battery"));
            await server.Kill();
        }
    }

    private const string Application = "85a03867-dccf-4882-adde-1a79aeec50df";

    private const string Kickstart = """
        {
          "apiKeys": [{ "key": "the-key-of-the-lockout-that-must-not-be-lost", "keyManager": true }],
          "requests": [
            { "method": "POST", "url": "/api/user-action/5d1b7c0e-0000-4000-8000-000000000021", "body": { "userAction": { "name": "Lockout", "temporal": true, "preventLogin": true } } },
            { "method": "PATCH", "url": "/api/tenant/#{FUSIONAUTH_TENANT_ID}", "body": { "tenant": { "failedAuthenticationConfiguration": { "userActionId": "5d1b7c0e-0000-4000-8000-000000000021", "resetCountInSeconds": 3600, "actionDuration": 1, "actionDurationUnit": "DAYS" } } } },
            { "method": "POST", "url": "/api/application/85a03867-dccf-4882-adde-1a79aeec50df", "body": { "application": { "name": "App", "loginConfiguration": { "requireAuthentication": false } } } },
            { "method": "POST", "url": "/api/user/registration", "body": { "user": { "email": "ada@example.com", "password": "correct horse battery" }, "registration": { "applicationId": "85a03867-dccf-4882-adde-1a79aeec50df" } } }
          ]
        }
        """;

    private static async Task<int> LogIn(ServerProcess server, string loginId, string password)
    {
        using var answer = await server.Http.PostAsJsonAsync("/api/login", new { loginId, password, applicationId = Application });
        return (int)answer.StatusCode;
    }

    /// <summary>Two servers that know nothing of each other, on one database and at one time of day.</summary>
    private sealed class Pair(TestServer other, ActionWorld first, ActionWorld second) : IAsyncDisposable
    {
        public ActionWorld First => first;

        public ActionWorld Second => second;

        public static async Task<Pair> Start()
        {
            var database = await (await PostgresFixture.Shared).NewDatabase();
            string[] settings = [$"--Storage:ConnectionString={database}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"];
            var time = new ManualTime();
            var server = await TestServer.Start(time: time, settings: settings);
            var world = await ActionWorld.WithLockout(server);
            var other = await TestServer.Start(time: time, settings: settings);
            return new Pair(other, world, world.On(other));
        }

        public async ValueTask DisposeAsync()
        {
            await other.DisposeAsync();
            await first.Server.DisposeAsync();
        }
    }
}
