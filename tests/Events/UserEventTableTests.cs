using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>Every event of users is raised, once, by what it is about.</summary>
public sealed class UserEventTableTests : IAsyncLifetime
{
    private static readonly string[] Ours = ["user.", "jwt.", "group.member."];
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void None_is_forgotten()
    {
        var ours = EventTypes.All.Where(type => Ours.Any(start => type.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(ours, UserScenarios.All.SelectMany(s => s.Types).Concat(UserScenarios.Elsewhere).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_is_raised_once_and_by_nothing_else()
    {
        foreach (var scenario in UserScenarios.All)
        {
            var world = await (await UserEventWorld.New(_server, scenario.Tenant)).WithUser();
            if (scenario.Prepare is { } prepare) await prepare(world);
            var before = (await world.Types()).Count;

            await scenario.Act(world);

            var told = (await world.Told()).Skip(before).Where(e => Ours.Any(start => ((string)e["type"]!).StartsWith(start, StringComparison.Ordinal)) && !UserScenarios.Elsewhere.Contains((string)e["type"]!)).ToList();
            // Registrations and memberships that a scenario makes for its own ends come before.
            var types = told.Select(e => (string)e["type"]!).Where(type => scenario.Types.Contains(type)).Order(StringComparer.Ordinal);
            Assert.Equal(scenario.Types.Order(StringComparer.Ordinal), types);
            if (!scenario.Types.Contains(EventTypes.UserRegistrationVerified)) Assert.Equal(scenario.Types.Length, told.Count);
            Assert.All(told, e => Assert.Equal(world.Tenant, (Guid)e["tenantId"]!));
            Assert.All(told, e => Assert.True((long)e["createInstant"]! > 0));
            Assert.All(told, e => Assert.DoesNotContain(UserEventWorld.Password, e.ToJsonString(), StringComparison.Ordinal));
        }
    }
}
