using System.Reflection;
using OrleansAuth.Common;

namespace OrleansAuth.Engine;

/// <summary>Silos of two versions understand each other while one replaces the other.</summary>
public sealed class ContractTests
{
    private const string Before = """
        grain door 0
          open(door.open.v1) Task<Boolean>
        message door.open.v1
          #0 Key String
        """;

    [Fact]
    public void What_silos_say_to_each_other_is_what_was_written_down()
    {
        var now = Contract.Of(new[] { "OrleansAuth.GrainInterfaces", "OrleansAuth.Grains" }.Select(Assembly.Load).SelectMany(a => a.GetTypes()));
        var before = Contract.Read(File.ReadAllText(Path.Combine(Tools.RepositoryRoot, "tests/Engine/contracts.txt")));
        var differences = Contract.Differences(before, now).ToArray();
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData("grain door 0\n  open(door.open.v1) Task<Boolean>\n  shut() Task", "door changed: give it [Version(1)]")]
    [InlineData("grain door 1\n  open(door.open.v1) Task<Boolean>\n  shut() Task", "Changed; write into contracts.txt:\ngrain door 1")]
    [InlineData("grain door 0\n  open(door.open.v1) Task", "door changed: give it [Version(1)]")]
    public void A_changed_interface_needs_the_next_version(string door, string sentence) =>
        Assert.StartsWith(sentence, Assert.Single(Differences($"{door}\nmessage door.open.v1\n  #0 Key String")), StringComparison.Ordinal);

    [Theory]
    [InlineData("  #0 Key Guid")]
    [InlineData("  #0 Hand String\n  #1 Key String")]
    [InlineData("  [0] Key String")]
    public void A_message_loses_and_changes_nothing(string members) =>
        Assert.StartsWith("door.open.v1 changes or loses '#0 Key String'", Assert.Single(Differences($"grain door 0\n  open(door.open.v1) Task<Boolean>\nmessage door.open.v1\n{members}")), StringComparison.Ordinal);

    [Fact]
    public void A_message_may_grow_and_that_is_written_down()
    {
        var grown = Before + "\n  [0] Hand String";
        Assert.StartsWith("Changed; write into", Assert.Single(Differences(grown)), StringComparison.Ordinal);
        Assert.Empty(Contract.Differences(Contract.Read(grown), Contract.Read(grown)));
    }

    [Fact]
    public void What_is_new_or_gone_is_noticed()
    {
        Assert.Empty(Differences(Before));
        Assert.Equal(["New; write into contracts.txt:\nmessage door.shut.v1"], Differences(Before + "\nmessage door.shut.v1"));
        Assert.Contains("message door.open.v1 is gone", Assert.Single(Differences("grain door 0\n  open(door.open.v1) Task<Boolean>")), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_that_may_be_made_again_are_these()
    {
        var repeatable = Assembly.Load("OrleansAuth.GrainInterfaces").GetTypes().Where(t => t.IsInterface).SelectMany(t => t.GetMethods())
            .Where(m => m.IsDefined(typeof(RepeatableAttribute))).Select(m => $"{m.DeclaringType!.Name}.{m.Name}");
        Assert.Equal(
            [
                "IIdentifierGrain.Read", "IIdentifierGrain.WasReplayed", "ISessionGrain.Check", "ISessionGrain.Read", "ISetupGrain.Read", "ISignOnGrain.Use", "IUpstreamGrain.Find",
                "IUserFactorGrain.Status", "IUserGrain.Admit", "IUserGrain.Claims", "IUserGrain.Login", "IUserGrain.Ping", "IUserGrain.Read",
                "IUserGrain.RememberedConsent", "IUserGrain.Subject", "IUserPasswordGrain.CheckTicket",
            ],
            repeatable.Order(StringComparer.Ordinal));
    }

    private static string[] Differences(string now) => [.. Contract.Differences(Contract.Read(Before), Contract.Read(now))];
}
