using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Each user's password as a register: set by a key, changed by who knows the present one, and tried (R1, R9, R10).</summary>
internal sealed class PasswordLoad(Wire wire, World world, int seed) : ILoad
{
    private const int Users = 6;
    private readonly List<Register> _registers = [];

    public async Task Prepare()
    {
        for (var i = 0; i < Users; i++)
        {
            var person = new Person(World.NewId(), $"{World.NewId()}@example.com");
            var register = new Register(person);
            var first = register.NewValue();
            var answer = await wire.Do("setup", "password.set", person.Id, World.Register(person, world.Told, world.Application, first), Value(first));
            if (!answer.Ok) throw new InvalidOperationException($"A user could not be made: {answer.Status} {answer.Text}");
            register.Believed = first;
            _registers.Add(register);
        }
    }

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        foreach (var (i, register) in _registers.Index())
        {
            yield return stop => Write($"writer{i}a", register, new Random(seed + (3 * i)), stop);
            yield return stop => Write($"writer{i}b", register, new Random(seed + (3 * i) + 1), stop);
            yield return stop => Try($"reader{i}", register, new Random(seed + (3 * i) + 2), stop);
        }
    }

    public Task Finish() => Pace.Each(_registers, async register =>
    {
        foreach (var value in register.AllThatMayBe()) await Try("final", register, value);
    });

    private async Task Write(string client, Register register, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var next = register.NewValue();
            var answer = random.Next(2) == 0 ? await Set(client, register, next) : await Change(client, register, register.Believed, next);
            if (answer.Ok) register.Believed = next;
            else if (answer.Result == "unknown") register.Doubt(next);
            await random.Rest(answer.Ok ? 250 : 100, stop);
        }
    }

    private Task<Answer> Set(string client, Register register, string value)
    {
        var facts = Value(value);
        var reason = World.NewId();
        facts["reason"] = reason;
        return wire.Do(client, "password.set", register.Person.Id, Request.Patch($"/api/user/{register.Person.Id}", new { user = new { password = value } }, world.Told) with { Reason = reason }, facts);
    }

    private Task<Answer> Change(string client, Register register, string from, string to)
    {
        var facts = Value(to);
        facts["from"] = from;
        return wire.Do(client, "password.change", register.Person.Id,
            Request.Post("/api/user/change-password", new { loginId = register.Person.Email, currentPassword = from, password = to }, world.Told), facts);
    }

    private async Task Try(string client, Register register, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var all = register.AllThatMayBe();
            await Try(client, register, random.Next(3) == 0 ? all[random.Next(all.Count)] : register.Believed);
            await random.Rest(100, stop);
        }
    }

    private Task<Answer> Try(string client, Register register, string value) =>
        wire.Do(client, "password.try", register.Person.Id, world.LogIn(register.Person, value), Value(value));

    private static JsonObject Value(string value) => new() { ["value"] = value };

    /// <summary>A user, with what clients believe about the password.</summary>
    private sealed class Register(Person person)
    {
        private readonly List<string> _doubtful = [];
        private readonly Queue<string> _recent = new();
        private int _last;

        public Person Person => person;

        public string Believed { get; set; } = "";

        public string NewValue()
        {
            var value = $"password {Interlocked.Increment(ref _last)}";
            lock (_doubtful)
            {
                _recent.Enqueue(value);
                if (_recent.Count > 6) _recent.Dequeue();
            }

            return value;
        }

        public void Doubt(string value)
        {
            lock (_doubtful) _doubtful.Add(value);
        }

        public List<string> AllThatMayBe()
        {
            lock (_doubtful) return [.. _recent.Concat(_doubtful.TakeLast(20)).Append(Believed).Distinct()];
        }
    }
}
