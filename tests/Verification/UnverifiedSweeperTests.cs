using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Hosting;
using OrleansAuth.Recovery;

namespace OrleansAuth.Verification;

/// <summary>Who is not verified in time goes, by the policy, and nobody else.</summary>
public sealed class UnverifiedSweeperTests
{
    private static readonly object Deletes = RecoveryWorld.Merge(ProofMails.Links, new { userDeletePolicy = new { unverified = new { enabled = true, numberOfDaysToRetain = 3 } } });

    [Fact]
    public async Task Users_who_stay_unverified_go_after_their_days_and_the_others_stay()
    {
        await using var world = await RecoveryWorld.New(Deletes);
        var waiting = await world.NewUser(email: "waiting@example.com");
        var verified = await world.NewUser(email: "verified@example.com");
        var named = await world.NewUser(new { username = "named", email = (string?)null });
        (await world.Server.Post("/api/user/verify-email", new { userId = verified }, tenant: world.Tenant)).Is(200);
        world.Server.Time.UtcNow += TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1);
        Assert.Equal(0, await Sweep(world));
        var late = await world.NewUser(email: "late@example.com");
        world.Server.Time.UtcNow += TimeSpan.FromSeconds(1);
        // In between, somebody opens the link.
        (await world.Server.Post("/api/user/verify-email", new { userId = world.User }, tenant: world.Tenant)).Is(200);
        await world.Restart();
        Assert.Equal([1, 0], (await Task.WhenAll(Sweep(world), Sweep(world))).OrderDescending());
        (await world.Server.Get($"/api/user/{waiting}")).Is(404);
        foreach (var stays in (Guid[])[verified, named, late, world.User]) (await world.Server.Get($"/api/user/{stays}")).Is(200);
        Assert.Contains("was deleted, since the e-mail address was not verified", await Audit(world), StringComparison.Ordinal);
        (await world.Server.Post("/api/user", new { user = new { email = "waiting@example.com", password = "correct horse" } }, tenant: world.Tenant)).Is(200);
    }

    [Fact]
    public async Task Days_count_from_when_the_policy_was_switched_on_and_from_a_new_address()
    {
        await using var world = await RecoveryWorld.New(new { emailConfiguration = new { verifyEmail = true, verifyEmailWhenChanged = true } });
        world.Server.Time.UtcNow += TimeSpan.FromDays(30);
        (await world.Server.Patch($"/api/tenant/{world.Tenant}", new { tenant = new { userDeletePolicy = new { unverified = new { enabled = true, numberOfDaysToRetain = 3 } } } })).Is(200);
        Assert.NotNull((await world.Server.Get($"/api/tenant/{world.Tenant}")).Body["tenant"]!["userDeletePolicy"]!["unverified"]!["enabledInstant"]);
        world.Server.Time.UtcNow += TimeSpan.FromDays(2);
        Assert.Equal(0, await Sweep(world));
        (await world.Server.Patch($"/api/user/{world.User}", new { user = new { email = "moved@example.com" } })).Is(200);
        world.Server.Time.UtcNow += TimeSpan.FromDays(2);
        Assert.Equal(0, await Sweep(world));
        world.Server.Time.UtcNow += TimeSpan.FromDays(1);
        Assert.Equal(1, await Sweep(world));
    }

    [Fact]
    public async Task Registrations_go_without_their_users()
    {
        await using var world = await RecoveryWorld.New();
        var settings = """{"verifyRegistration":true,"registrationDeletePolicy":{"unverified":{"enabled":true,"numberOfDaysToRetain":1}}}""";
        (await world.Server.Patch($"/api/application/{world.Application}", new JsonObject { ["application"] = JsonNode.Parse(settings) })).Is(200);
        var (waiting, verified) = (await world.NewUser(email: "waiting@example.com"), await world.NewUser(email: "verified@example.com"));
        (await world.Server.Post($"/api/user/verify-registration/{await world.Id("verified@example.com")}", new { }, key: "")).Is(200);
        world.Server.Time.UtcNow += TimeSpan.FromDays(1);
        Assert.Equal(1, await Sweep(world));
        (await world.Server.Get($"/api/user/registration/{waiting}/{world.Application}")).Is(404);
        (await world.Server.Get($"/api/user/{waiting}")).Is(200);
        (await world.Server.Get($"/api/user/registration/{verified}/{world.Application}")).Is(200);
        (await world.Server.Get($"/api/user/registration/{world.User}/{world.Application}")).Is(200);
    }

    [Fact]
    public async Task Where_the_policy_is_off_nobody_goes()
    {
        await using var world = await RecoveryWorld.New(ProofMails.Links);
        world.Server.Time.UtcNow += TimeSpan.FromDays(1000);
        Assert.Equal(0, await Sweep(world));
        (await world.Server.Get($"/api/user/{world.User}")).Is(200);
    }

    private static Task<int> Sweep(RecoveryWorld world) => world.Server.Services.GetRequiredService<UnverifiedSweeper>().Sweep();

    private static async Task<string> Audit(RecoveryWorld world) => string.Join('\n', await world.Server.Services.GetRequiredService<Storage.IStore>().Query("select message from audit_log", row => row.Text("message")));
}
