using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage;
using OrleansAuth.Tenants;

namespace OrleansAuth.Identifiers;

/// <summary>What the server hands out once is good once, whoever asks and whatever happened between.</summary>
public sealed class IdentifierTests
{
    private readonly string _text = IdentifierText.New();

    [Fact]
    public async Task An_identifier_is_found_by_its_text_and_kind_in_its_tenant()
    {
        var server = await TestServer.Shared;
        var tenant = Guid.NewGuid();
        await Issue(server, tenant);
        var found = await Grain(server).Read(tenant);
        Assert.Equal("""{"for":"test"}""", found!.Content.ToString());
        Assert.NotNull(await Grain(server).Read(null));
        Assert.Null(await Grain(server).Read(Guid.NewGuid()));
        Assert.Null(await Grains(server).Identifier("other-kind", _text).Read(tenant));
        Assert.Null(await Grains(server).Identifier("test", _text + "x").Read(tenant));
    }

    [Fact]
    public async Task Of_many_at_once_one_spends_it()
    {
        var server = await TestServer.Shared;
        var tenant = Guid.NewGuid();
        await Issue(server, tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Grain(server).Spend(new SpendIdentifier(tenant)))));
        Assert.Single(answers, answer => answer.Refusal is null);
        Assert.All(answers.Where(answer => answer.Refusal is not null), answer => Assert.Equal(RefusalKind.NotFound, answer.Refusal!.Kind));
    }

    [Fact]
    public async Task A_second_use_is_told_to_the_spender_also_after_a_restart()
    {
        await using var server = await TestServer.Start();
        var tenant = Guid.NewGuid();
        await Issue(server, tenant);
        var spend = new SpendIdentifier(tenant, server.Services.GetRequiredService<Clock>().Now + 60_000, JsonText.From("session 1"));
        Assert.Null((await Grain(server).Spend(spend)).Refusal);
        Assert.False(await Grain(server).WasReplayed());
        await using var again = await server.Restart();
        Assert.Equal(RefusalKind.NotFound, (await Grain(again).Spend(spend)).Refusal!.Kind);
        Assert.Null(await Grain(again).Replay(Guid.NewGuid()));
        Assert.Equal("\"session 1\"", (await Grain(again).Replay(tenant))!.ToString());
        Assert.True(await Grain(again).WasReplayed());
    }

    [Fact]
    public async Task Its_end_is_exact_and_needs_no_sweeper()
    {
        await using var server = await TestServer.Start();
        var tenant = Guid.NewGuid();
        await Issue(server, tenant, lifetime: 1000);
        server.Time.UtcNow += TimeSpan.FromMilliseconds(999);
        Assert.NotNull(await Grain(server).Read(tenant));
        server.Time.UtcNow += TimeSpan.FromMilliseconds(1);
        Assert.Null(await Grain(server).Read(tenant));
        Assert.Equal(RefusalKind.NotFound, (await Grain(server).Spend(new SpendIdentifier(tenant))).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Grain(server).Change(new ChangeIdentifier(tenant, 1, JsonText.From(1)))).Refusal!.Kind);
    }

    [Fact]
    public async Task A_change_is_decided_on_what_is_stored()
    {
        var server = await TestServer.Shared;
        var tenant = Guid.NewGuid();
        var issued = await Issue(server, tenant);
        Assert.Null((await Grain(server).Change(new ChangeIdentifier(tenant, issued.Version, JsonText.From("first")))).Refusal);
        Assert.Equal(RefusalKind.Conflict, (await Grain(server).Change(new ChangeIdentifier(tenant, issued.Version, JsonText.From("second")))).Refusal!.Kind);
        Assert.Equal("\"first\"", (await Grain(server).Read(tenant))!.Content.ToString());
    }

    [Fact]
    public async Task A_live_one_is_not_issued_again_but_an_expired_one_is()
    {
        await using var server = await TestServer.Start();
        await Issue(server, Guid.NewGuid(), lifetime: 1000);
        Assert.Equal(RefusalKind.Conflict, (await Grain(server).Issue(new IssueIdentifier(Guid.NewGuid(), long.MaxValue, JsonText.From(1)))).Refusal!.Kind);
        server.Time.UtcNow += TimeSpan.FromSeconds(1);
        await Issue(server, Guid.NewGuid());
    }

    [Fact]
    public async Task The_sweeper_takes_what_is_over_and_leaves_what_lives()
    {
        await using var server = await TestServer.Start();
        var (tenant, live) = (Guid.NewGuid(), IdentifierText.New());
        var now = server.Services.GetRequiredService<Clock>().Now;
        await Issue(server, tenant, lifetime: 1000);
        await Grains(server).Identifier("test", live).Issue(new IssueIdentifier(tenant, now + 3_600_000, JsonText.From(1)));
        var remembered = IdentifierText.New();
        await Grains(server).Identifier("test", remembered).Issue(new IssueIdentifier(tenant, now + 1000, JsonText.From(1)));
        await Grains(server).Identifier("test", remembered).Spend(new SpendIdentifier(tenant, now + 3_600_000, JsonText.From("note")));
        server.Time.UtcNow += TimeSpan.FromSeconds(2);
        Assert.Equal(1, await server.Services.GetRequiredService<Sweeper>().Sweep());
        Assert.NotNull(await Grains(server).Identifier("test", live).Read(tenant));
        Assert.NotNull(await Grains(server).Identifier("test", remembered).Replay(tenant));
        Assert.Equal(2, (await server.Services.GetRequiredService<IStore>().Query("select id from identifier", row => row.Text("id"))).Count);
    }

    [Theory]
    [InlineData(SecureGeneratorType.RandomBytes, 32, "^[A-Za-z0-9_-]{43}$")]
    [InlineData(SecureGeneratorType.RandomDigits, 6, "^[0-9]{6}$")]
    [InlineData(SecureGeneratorType.RandomAlpha, 9, "^[A-Z]{9}$")]
    [InlineData(SecureGeneratorType.RandomAlphaNumeric, 6, "^[A-HJ-NP-Z2-9]{6}$")]
    public void The_tenant_chooses_its_shape(SecureGeneratorType type, int length, string shape)
    {
        var made = Enumerable.Range(0, 100).Select(_ => IdentifierText.New(new SecureGeneratorConfiguration { Type = type, Length = length })).ToList();
        Assert.All(made, text => Assert.Matches(shape, text));
        Assert.Equal(made.Count, made.Distinct().Count());
    }

    private async Task<IdentifierView> Issue(TestServer server, Guid tenant, long lifetime = 60_000)
    {
        var now = server.Services.GetRequiredService<Clock>().Now;
        var issued = await Grain(server).Issue(new IssueIdentifier(tenant, now + lifetime, new JsonText("""{"for":"test"}"""u8.ToArray())));
        Assert.Null(issued.Refusal);
        return issued.Value!;
    }

    private IIdentifierGrain Grain(TestServer server) => Grains(server).Identifier("test", _text);

    private static IGrainFactory Grains(TestServer server) => server.Services.GetRequiredService<IGrainFactory>();
}
