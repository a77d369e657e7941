using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>Codes that are good once, brought by two at once and again later: of a login without a password, of a new password, of OAuth 2.0 (R4).</summary>
internal sealed class CodeLoad(Wire wire, World world, int seed) : ILoad
{
    private readonly ConcurrentQueue<(string Code, string Kind)> _spent = new();

    public Task Prepare() => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients()
    {
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            yield return stop => Spend(number, new Random(seed + number), stop);
        }
    }

    public Task Finish() => Pace.Each(_spent.TakeLast(200), one => Spend("final", one.Code, one.Kind));

    private async Task Spend(int number, Random random, CancellationToken stop)
    {
        var client = $"code{number}";
        var person = await world.NewPerson(world.Told, world.Application);
        var browser = new Browser(wire, world, person);
        while (!stop.IsCancellationRequested)
        {
            await random.Rest(150, stop);
            var kind = (string[])["passwordless", "reset", "authorization"] is var kinds ? kinds[random.Next(kinds.Length)] : "";
            if (await NewCode(kind, person, browser) is not { } code) continue;
            await Task.WhenAll(Spend($"{client}a", code, kind), Spend($"{client}b", code, kind));
            _spent.Enqueue((code, kind));
            if (random.Next(3) == 0 && _spent.ElementAt(random.Next(_spent.Count)) is var old) await Spend($"{client}again", old.Code, old.Kind);
        }
    }

    private async Task<string?> NewCode(string kind, Person person, Browser browser) => kind switch
    {
        "passwordless" => (string?)(await wire.Send(Request.Post("/api/passwordless/start", new { loginId = person.Email, applicationId = world.Application }, world.Told))).Body["code"],
        "reset" => (string?)(await wire.Send(Request.Post("/api/user/forgot-password", new { loginId = person.Email, sendForgotPasswordEmail = false }, world.Told))).Body["changePasswordId"],
        _ => await browser.NewCode(),
    };

    private Task<Answer> Spend(string client, string code, string kind) =>
        wire.Do(client, "spend", RefreshLoad.Mark(code), Bring(code, kind), new JsonObject { ["kind"] = kind });

    private Request Bring(string code, string kind) => kind switch
    {
        "passwordless" => Request.Post("/api/passwordless/login", new { code, applicationId = world.Application }, world.Told) with { WithKey = false },
        // The new password is the old one: the browser goes on signing in with it.
        "reset" => Request.Post($"/api/user/change-password/{Uri.EscapeDataString(code)}", new { password = World.Password }, world.Told) with { WithKey = false },
        _ => new Request(HttpMethod.Post, "/oauth2/token")
        {
            WithKey = false,
            Form = new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = World.Redirect,
                ["client_id"] = world.Application,
                ["client_secret"] = world.Secret,
                ["code_verifier"] = Browser.Verifier,
            },
        },
    };
}
