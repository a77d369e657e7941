using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Setup;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>
/// kill -9 at every step of a transaction. Afterwards there is one decision, the user is there if and only if it says Succeeded, who was
/// owed the event gets it with the same id, and where it failed the e-mail is free.
/// </summary>
public sealed class TransactionKillTests : IAsyncLifetime, IDisposable
{
    private const string Key = TestServer.SuperKey;
    private readonly TemporaryFolder _folder = new();
    private readonly Guid _tenant = Guid.NewGuid();
    private readonly Guid[] _webhooks = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
    private AskedReceivers _receivers = null!;
    private string[] _storage = [];

    public async Task InitializeAsync()
    {
        _receivers = await AskedReceivers.Start();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "kickstart.json"), $$"""{"apiKeys":[{"key":"{{Key}}","name":"Tests","keyManager":true}]}""");
    }

    public async Task DisposeAsync() => await _receivers.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(FaultPoint.Beginning), false, null)]
    [InlineData(nameof(FaultPoint.Begun), false, "Failed")]
    [InlineData(nameof(FaultPoint.Publishing), false, "Failed")]
    [InlineData(nameof(FaultPoint.Published), false, "Failed")]
    [InlineData(nameof(FaultPoint.Reported), false, "Failed")]
    [InlineData(nameof(FaultPoint.Agreed), false, "Failed")]
    [InlineData(nameof(FaultPoint.Committed), false, "Succeeded")]
    [InlineData(nameof(FaultPoint.Failing), false, "Failed")]
    [InlineData(nameof(FaultPoint.Failed), false, "Failed")]
    [InlineData(nameof(FaultPoint.Agreed), true, "Failed")]
    [InlineData(nameof(FaultPoint.Committed), true, "Succeeded")]
    public async Task A_process_that_dies_leaves_one_decision_and_what_it_says(string point, bool postgres, string? expected)
    {
        await Choose(postgres);
        var refuses = point is nameof(FaultPoint.Failing) or nameof(FaultPoint.Failed);
        _receivers.Answer = asked => Task.FromResult(refuses || asked.Receiver == 2 ? 500 : 200);
        await using (var server = await Start(point))
        {
            await SetUp(server);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => CreateUser(server));
            Assert.NotEqual(0, await server.Exit());
        }

        await Verify(expected);
    }

    [Theory]
    [InlineData(nameof(FaultPoint.Recovering))]
    [InlineData(nameof(FaultPoint.Recovered))]
    public async Task A_process_that_dies_while_it_clears_up_leaves_that_to_the_next(string point)
    {
        await Choose(postgres: false);
        await using (var server = await Start(nameof(FaultPoint.Published)))
        {
            await SetUp(server);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => CreateUser(server));
            await server.Exit();
        }

        await using (var clearing = ServerProcess.LaunchWithFault(_folder.Path, point, 90, [.. Settings, .. _storage])) Assert.NotEqual(0, await clearing.Exit());
        await Verify("Failed");
    }

    private string[] Settings => [$"--Kickstart:File={Path.Combine(_folder.Path, "kickstart.json")}", "--Webhooks:AllowPrivateAddresses=true"];

    private async Task Choose(bool postgres) => _storage = postgres
        ? [$"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"]
        : [];

    private Task<ServerProcess> Start(string point) => ServerProcess.StartWithFault(_folder.Path, point, 0, [.. Settings, .. _storage]);

    /// <summary>Two receivers agree, the third does not, and two of three are enough.</summary>
    private async Task SetUp(ServerProcess server)
    {
        var settings = EventTypes.All.ToDictionary(type => type, type => new { enabled = true, transactionType = type == EventTypes.UserCreate ? nameof(TransactionType.SuperMajority) : nameof(TransactionType.None) });
        await Post(server, $"/api/tenant/{_tenant}", new { tenant = new { name = "Asked", eventConfiguration = new { events = settings } } });
        foreach (var (id, number) in _webhooks.Select((id, number) => (id, number)))
            await Post(server, $"/api/webhook/{id}", new { webhook = new { url = _receivers.Url(number), connectTimeout = 1_000, readTimeout = 2_000, tenantIds = new[] { _tenant }, eventsEnabled = new Dictionary<string, bool> { [EventTypes.UserCreate] = true } } });
    }

    private Task CreateUser(ServerProcess server) => Post(server, "/api/user", new { user = new { email = "ada@example.com", password = "correct horse battery" } });

    private async Task Post(ServerProcess server, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: ContractJson.Options) };
        request.Headers.TryAddWithoutValidation("Authorization", Key);
        if (path == "/api/user") request.Headers.Add("X-FusionAuth-TenantId", _tenant.ToString());
        using var answer = await server.Http.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The next process, two minutes later.</summary>
    private async Task Verify(string? expected)
    {
        var before = _receivers.Received.ToHashSet();
        var told = before.Select(asked => asked.Id).Distinct().ToList();
        _receivers.Answer = _ => Task.FromResult(200);
        var time = new ManualTime(Clock.System.UtcNow + TimeSpan.FromMinutes(2));
        await using var server = await TestServer.Start(_folder.Path, time, ["--Webhooks:AllowPrivateAddresses=true", .. _storage]);
        await server.Services.GetRequiredService<TransactionRecovery>().Recover();

        var store = server.Services.GetRequiredService<IStore>();
        var events = await store.Query("select id, result from webhook_event where tenant_id = @tenant", row => (Id: row.Guid("id"), Result: row.Text("result")), default, ("tenant", _tenant));
        Assert.Equal(expected is null ? [] : [expected], events.Select(told => told.Result));
        foreach (var (id, result) in events) Assert.Equal(result, (await EventTransactions.Find(store, id))?.ToString());
        Assert.True(told.Count <= 1, "Receivers were told of one operation by several events.");
        if (told is [var one]) Assert.Equal(one, events[0].Id);

        var found = await server.Get("/api/user?email=ada@example.com", tenant: _tenant);
        Assert.Equal(expected == "Succeeded" ? HttpStatusCode.OK : HttpStatusCode.NotFound, found.Status);
        if (expected == "Succeeded")
        {
            // Whoever had not taken it is owed it, and gets it with the same id when its pause is over; it may have got it already.
            time.Advance(TimeSpan.FromMinutes(1));
            await _receivers.Got(asked => asked.Receiver == 2 && asked.Id == events[0].Id && !before.Contains(asked));
        }
        else
        {
            Assert.Empty(await store.Query("select queue from outbox where event_id is not null", row => row.Text("queue")));
            (await server.Post("/api/user", new { user = new { email = "ada@example.com", password = "correct horse battery" } }, tenant: _tenant)).Is(200);
        }
    }
}
