using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Users about whom receivers are asked first (R6).</summary>
internal sealed class AskedLoad(Wire wire, World world, Receivers receivers, int seed) : ILoad
{
    private readonly ConcurrentQueue<(Person Person, string Result)> _attempts = new();

    public Task Prepare() => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 4; i++)
        {
            var number = i;
            yield return stop => Create($"asker{number}", new Random(seed + number), stop);
        }
    }

    /// <summary>Who is there, what was decided, and that the addresses of those who are not are free.</summary>
    public async Task Finish()
    {
        await Pace.Each(_attempts, one => wire.Do("final", "final.user", one.Person.Id, Request.Get($"/api/user/{one.Person.Id}", world.Asked), answer => new JsonObject
        {
            ["email"] = one.Person.Email,
            ["is"] = (string?)answer.Body["user"]?["email"],
        }));
        await Decisions();
        receivers.AllAgree = true;
        await Pace.Each(_attempts.Where(one => one.Result == "refused"), one => wire.Do("final", "again", one.Person.Email, New(one.Person with { Id = World.NewId() })));
    }

    private async Task Create(string client, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var person = new Person(World.NewId(), $"{World.NewId()}@example.com");
            var answer = await wire.Do(client, "asked", person.Id, New(person), new JsonObject { ["email"] = person.Email });
            _attempts.Enqueue((person, answer.Result));
            await random.Rest(250, stop);
        }
    }

    private Request New(Person person) => Request.Post($"/api/user/{person.Id}", new { user = new { person.Email, password = World.Password }, skipVerification = true }, world.Asked);

    /// <summary>Every event that receivers were asked about, as the server's log has it.</summary>
    private async Task Decisions()
    {
        for (var row = 0; ; row += 500)
        {
            var page = await wire.Must(Request.Post("/api/system/webhook-event-log/search",
                new { search = new { eventType = "user.create", orderBy = "insertInstant ASC", startRow = row, numberOfResults = 500 } }, world.Asked));
            var events = page["webhookEventLogs"] as JsonArray ?? [];
            foreach (var told in events)
            {
                await wire.Do("final", "final.event", (string)told!["id"]!, Request.Get($"/api/system/webhook-event-log/{told["id"]}", world.Asked), answer => new JsonObject
                {
                    ["decision"] = (string?)answer.Body["webhookEventLog"]?["eventResult"],
                    ["user"] = (string?)answer.Body["webhookEventLog"]?["event"]?["event"]?["user"]?["id"],
                });
            }

            if (events.Count < 500) return;
        }
    }
}
