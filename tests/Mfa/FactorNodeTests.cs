using OrleansAuth.Common;

namespace OrleansAuth.Mfa;

/// <summary>Two nodes on one PostgreSQL, each with the user in memory: what counts once counts once for both, and so do wrong codes.</summary>
public sealed class FactorNodeTests : IAsyncLifetime
{
    private MfaWorld _world = null!;
    private TestServer _other = null!;

    public async Task InitializeAsync()
    {
        string[] settings = [$"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"];
        _world = await MfaWorld.WithAuthenticator(settings: settings);
        _other = await TestServer.Start(time: _world.Server.Time, settings: settings);
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_code_that_is_brought_to_both_at_once_lets_one_in()
    {
        for (var round = 0; round < 5; round++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _world.Begin()));
            var code = _world.Code();
            var answers = await Task.WhenAll(ids.Select((id, i) => Prove(i % 2 == 0 ? _world.Server : _other, id, code)));
            Assert.Single(answers, a => (int)a.Status == 200);
            _world.Wait();
        }
    }

    [Fact]
    public async Task A_recovery_code_that_is_brought_to_both_at_once_lets_one_in()
    {
        foreach (var code in _world.RecoveryCodes.Take(4))
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _world.Begin()));
            var answers = await Task.WhenAll(ids.Select((id, i) => Prove(i % 2 == 0 ? _world.Server : _other, id, code)));
            Assert.Single(answers, a => (int)a.Status == 200);
        }
    }

    [Fact]
    public async Task Wrong_codes_to_either_are_counted_together_and_then_the_right_one_is_refused_by_both()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _world.Begin()));
        await Task.WhenAll(ids.Select((id, i) => Prove(i % 2 == 0 ? _world.Server : _other, id, _world.WrongCode(i % 10))));
        Assert.Equal(FactorAttempts.InARow, await _world.WrongCodes());
        foreach (var node in (TestServer[])[_world.Server, _other]) (await Prove(node, ids[^1], _world.Code())).Is(421);
    }

    private static Task<Answer> Prove(TestServer node, string twoFactorId, string code) =>
        node.Send(HttpMethod.Post, "/api/two-factor/login", new { twoFactorId, code }, key: "");
}
