using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>
/// Wrong passwords, at once and spread over faults: fewer than the limit keep nobody out, from the limit on nothing is looked at (R3).
/// </summary>
internal sealed class GuessLoad(Wire wire, World world, int seed) : ILoad
{
    private const int Prepared = 60;
    private readonly List<Person> _persons = [];
    private readonly List<Person> _guessed = [];
    private int _next = -1;

    public Task Prepare() => Pace.Each(Enumerable.Range(0, Prepared), async _ =>
    {
        var person = await world.NewPerson(world.Guarded, world.GuardedApplication);
        lock (_persons) _persons.Add(person);
    });

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            yield return stop => Guess(number, new Random(seed + number), stop);
        }
    }

    /// <summary>Also at the end, the right password is of no use to whoever is locked out.</summary>
    public Task Finish() => Pace.Each(_guessed, person => LogIn("final", person, right: true));

    private async Task Guess(int number, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var next && next < _persons.Count)
        {
            var person = _persons[next];
            var few = number % 2 == 0;
            var (spread, wrong) = (random.Next(4) == 0 ? 0 : random.Next(200, 1500), few ? World.Guesses - 2 : World.Guesses + 5);
            await Task.WhenAll(Some($"guesser{number}a", person, wrong / 2, spread, random.Next(), stop), Some($"guesser{number}b", person, wrong - (wrong / 2), spread, random.Next(), stop));
            await LogIn($"guesser{number}a", person, right: true);
            lock (_guessed) _guessed.Add(person);
            await random.Rest(300, stop);
        }
    }

    private async Task Some(string client, Person person, int count, int spread, int lot, CancellationToken stop)
    {
        var random = new Random(lot);
        for (var i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            await LogIn(client, person, right: false);
            if (spread > 0) await random.Rest(spread, stop);
        }
    }

    private Task<Answer> LogIn(string client, Person person, bool right) => wire.Do(
        client, "guess", person.Id, World.LogIn(person, world.Guarded, world.GuardedApplication, right ? World.Password : $"wrong {World.NewId()}"), new JsonObject { ["right"] = right });
}
