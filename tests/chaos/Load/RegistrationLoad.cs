using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Two clients who want the same address at the same moment, and some who come later (R1, R2, R7, R10).</summary>
internal sealed class RegistrationLoad(Wire wire, World world, int seed) : ILoad
{
    private readonly ConcurrentQueue<(string Email, string Id)> _attempts = new();
    private readonly ConcurrentQueue<string> _emails = new();

    public Task Prepare() => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            yield return stop => Race(number, new Random(seed + number), stop);
        }
    }

    public Task Finish() => Pace.Each(_attempts, attempt => wire.Do("final", "final.user", attempt.Id, Request.Get($"/api/user/{attempt.Id}", world.Told), answer => new JsonObject
    {
        ["email"] = attempt.Email,
        ["is"] = (string?)answer.Body["user"]?["email"],
    }));

    private async Task Race(int number, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var old = random.Next(5) == 0 && !_emails.IsEmpty;
            var email = old ? _emails.ElementAt(random.Next(_emails.Count)) : $"{World.NewId()}@example.com";
            if (!old) _emails.Enqueue(email);
            // Written in two ways, and still the same address.
            await Task.WhenAll(Register($"race{number}a", email, email), Register($"race{number}b", email, email.ToUpperInvariant()));
            await random.Rest(200, stop);
        }
    }

    private Task<Answer> Register(string client, string email, string written)
    {
        var person = new Person(World.NewId(), written);
        _attempts.Enqueue((email, person.Id));
        return wire.Do(client, "register", email, World.Register(person, world.Told, world.Application), new JsonObject { ["id"] = person.Id });
    }
}
