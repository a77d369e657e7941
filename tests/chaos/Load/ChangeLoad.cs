using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Changes by an administrator: names of users, one after the other, and groups; each with a reason of its own (R1, R7, R9, R10).</summary>
internal sealed class ChangeLoad(Wire wire, World world, History history, int seed) : ILoad
{
    private const int Users = 4;
    private readonly List<Person> _persons = [];
    private readonly ConcurrentQueue<string> _groups = new();

    public async Task Prepare()
    {
        for (var i = 0; i < Users; i++) _persons.Add(await world.NewPerson(world.Told, world.Application));
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        foreach (var (i, person) in _persons.Index()) yield return stop => Names($"namer{i}", person, new Random(seed + i), stop);
        for (var i = 0; i < 2; i++)
        {
            var number = i;
            yield return stop => Groups($"grouper{number}", new Random(seed + Users + number), stop);
        }
    }

    public async Task Finish()
    {
        await Pace.Each(_persons, person => wire.Do("final", "name.get", person.Id, Request.Get($"/api/user/{person.Id}", world.Told), answer => new JsonObject
        {
            ["value"] = (string?)answer.Body["user"]?["firstName"],
        }));
        await Pace.Each(_groups, id => wire.Do("final", "final.group", id, Request.Get($"/api/group/{id}", world.Told)));
        await Audit();
    }

    private async Task Names(string client, Person person, Random random, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var reason = World.NewId();
            await wire.Do(client, "name.set", person.Id, Request.Patch($"/api/user/{person.Id}", new { user = new { firstName = $"{number}" } }, world.Told) with { Reason = reason },
                new JsonObject { ["value"] = $"{number}", ["reason"] = reason });
            await random.Rest(150, stop);
            if (random.Next(3) > 0) continue;
            await wire.Do(client, "name.get", person.Id, Request.Get($"/api/user/{person.Id}", world.Told), answer => new JsonObject { ["value"] = (string?)answer.Body["user"]?["firstName"] });
        }
    }

    private async Task Groups(string client, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (id, reason) = (World.NewId(), World.NewId());
            _groups.Enqueue(id);
            await wire.Do(client, "group", id, Request.Post($"/api/group/{id}", new { group = new { name = id } }, world.Told) with { Reason = reason }, new JsonObject { ["reason"] = reason });
            await random.Rest(300, stop);
        }
    }

    /// <summary>All entries with a reason, page by page.</summary>
    private async Task Audit()
    {
        for (var row = 0; ; row += 1000)
        {
            var page = await wire.Must(Request.Post("/api/system/audit-log/search", new { search = new { orderBy = "insertInstant ASC", startRow = row, numberOfResults = 1000 } }, world.Told));
            var entries = page["auditLogs"] as JsonArray ?? [];
            foreach (var entry in entries)
            {
                if ((string?)entry!["reason"] is { } reason)
                    history.Write("final", "final.audit", reason, history.Now, history.Now, "ok", new JsonObject { ["message"] = (string?)entry["message"] });
            }

            if (entries.Count < 1000) return;
        }
    }
}
