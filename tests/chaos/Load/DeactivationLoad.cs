using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Users who are deactivated, and call all the same: by password and by refresh token (R5).</summary>
internal sealed class DeactivationLoad(Wire wire, World world, int seed) : ILoad
{
    private readonly List<(Person Person, string Token)> _gone = [];

    public Task Prepare() => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 2; i++)
        {
            var number = i;
            yield return stop => Deactivate($"leaver{number}", new Random(seed + number), stop);
        }
    }

    public Task Finish() => Pace.Each(_gone, async one => await Call("final", one.Person, one.Token));

    private async Task Deactivate(string client, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await random.Rest(300, stop);
            var person = new Person(World.NewId(), $"{World.NewId()}@example.com");
            if (!(await wire.Send(World.Register(person, world.Told, world.Application))).Ok) continue;
            var login = await wire.Do(client, "login", person.Id, world.LogIn(person));
            if ((string?)login.Body["refreshToken"] is not { } token) continue;
            // Somebody calls all the while, before and after.
            var calling = Enumerable.Range(0, 2).Select(i => Calls($"{client}{i}", person, token, stop)).ToList();
            await random.Rest(100, stop);
            await wire.Do(client, "revoke", person.Id, new Request(HttpMethod.Delete, $"/api/user/{person.Id}") { Tenant = world.Told });
            lock (_gone) _gone.Add((person, token));
            await Task.WhenAll(calling);
        }
    }

    private async Task Calls(string client, Person person, string token, CancellationToken stop)
    {
        var random = new Random(seed);
        for (var i = 0; i < 4; i++)
        {
            await Call(client, person, token);
            await random.Rest(60, stop);
        }
    }

    private async Task Call(string client, Person person, string token)
    {
        await wire.Do(client, "entry", person.Id, world.LogIn(person), new JsonObject { ["kind"] = "password" });
        await wire.Do(client, "entry", person.Id, Request.Post("/api/jwt/refresh", new { refreshToken = token }, world.Told) with { WithKey = false }, new JsonObject { ["kind"] = "refresh" });
    }
}
