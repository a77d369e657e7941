using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Refresh tokens that are good once: spent alone, by two at once, again later, and after they were revoked (R1, R4, R5).</summary>
internal sealed class RefreshLoad(Wire wire, World world, int seed) : ILoad
{
    private readonly ConcurrentQueue<(string Token, string Family, string User)> _spent = new();

    public Task Prepare() => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            yield return stop => Sessions(number, new Random(seed + number), stop);
        }
    }

    /// <summary>What was spent or revoked, once more.</summary>
    public Task Finish() => Pace.Each(_spent.TakeLast(400), one => Spend("final", one.Token, one.Family, one.User));

    /// <summary>What stands for a token in the history.</summary>
    public static string Mark(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..16];

    private async Task Sessions(int number, Random random, CancellationToken stop)
    {
        var client = $"session{number}";
        var person = await world.NewPerson(world.Told, world.Application);
        while (!stop.IsCancellationRequested)
        {
            var login = await wire.Do(client, "login", person.Id, world.LogIn(person), answer => Issued(answer));
            if ((string?)login.Body["refreshToken"] is { } token && (string?)login.Body["refreshTokenId"] is { } family)
                await Chain(client, token, family, person.Id, random, stop);
            await random.Rest(100, stop);
        }
    }

    /// <summary>From one token to the next, until an outcome is unknown or the session is ended.</summary>
    private async Task Chain(string client, string token, string family, string user, Random random, CancellationToken stop)
    {
        for (var left = random.Next(3, 25); left > 0 && !stop.IsCancellationRequested; left--)
        {
            var answers = random.Next(2) == 0
                ? [await Spend(client, token, family, user)]
                : await Task.WhenAll(Spend($"{client}a", token, family, user), Spend($"{client}b", token, family, user));
            _spent.Enqueue((token, family, user));
            if (random.Next(4) == 0 && _spent.ElementAt(random.Next(_spent.Count)) is var old) await Spend($"{client}again", old.Token, old.Family, old.User);
            if (Array.Find(answers, answer => answer.Ok) is not { } winner || (string?)winner.Body["refreshToken"] is not { } next) return;
            token = next;
            await random.Rest(120, stop);
        }

        await Revoke(client, token, family, user, random, stop);
    }

    /// <summary>Ends the session, or all of the user's.</summary>
    private async Task Revoke(string client, string token, string family, string user, Random random, CancellationToken stop)
    {
        _spent.Enqueue((token, family, user));
        if (random.Next(2) == 0) await wire.Do(client, "revoke", family, new Request(HttpMethod.Delete, $"/api/jwt/refresh/{family}") { Tenant = world.Told });
        else await wire.Do(client, "revoke", family, new Request(HttpMethod.Delete, $"/api/jwt/refresh?userId={user}") { Tenant = world.Told }, new JsonObject { ["all"] = true });
        for (var i = 0; i < 3; i++)
        {
            await Spend($"{client}{i}", token, family, user);
            await random.Rest(60, stop);
        }
    }

    private Task<Answer> Spend(string client, string token, string family, string user) => wire.Do(
        client, "spend", Mark(token), Request.Post("/api/jwt/refresh", new { refreshToken = token }, world.Told) with { WithKey = false },
        answer => Issued(answer, new JsonObject { ["kind"] = "refresh", ["family"] = family, ["user"] = user }));

    private static JsonObject Issued(Answer answer, JsonObject? facts = null)
    {
        facts ??= [];
        if ((string?)answer.Body["refreshToken"] is { } next) facts["issued"] = Mark(next);
        if ((string?)answer.Body["refreshTokenId"] is { } family) facts["family"] = family;
        return facts;
    }
}
