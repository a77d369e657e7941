using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Users who do nothing but sign in and never mistype (R3): from them it is seen how long a fault keeps one of them out.</summary>
internal sealed class PeopleLoad(Wire wire, World world, int people) : ILoad
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly List<Person> _people = [];

    public async Task Prepare()
    {
        for (var i = 0; i < people; i++) _people.Add(await world.NewPerson(world.Guarded, world.GuardedApplication));
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients() => _people.Select((person, i) => (Func<CancellationToken, Task>)(stop => SignIn($"person{i}", person, stop)));

    public Task Finish() => Task.CompletedTask;

    private async Task SignIn(string client, Person person, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await wire.Do(client, "honest", person.Id, World.LogIn(person, world.Guarded, world.GuardedApplication), new JsonObject { ["right"] = true });
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
