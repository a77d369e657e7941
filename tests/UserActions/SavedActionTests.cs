using System.Text;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.UserActions;

/// <summary>Rows as the first version stored them; they must read for ever.</summary>
public sealed class SavedActionTests
{
    private const string Action = """
        {"id":"0192d3a4-0000-7000-8000-000000000001","actioneeUserId":"0192d3a4-0000-7000-8000-000000000002","actionerUserId":"0192d3a4-0000-7000-8000-000000000003",
        "applicationIds":["0192d3a4-0000-7000-8000-000000000004"],"comment":"c","emailUserOnEnd":true,"endEventSent":false,"expiry":9,
        "history":[{"phase":"Start","actionerUserId":"0192d3a4-0000-7000-8000-000000000003","comment":"c","createInstant":5,"expiry":9},{"phase":"End","createInstant":10,"expiry":9}],
        "insertInstant":5,"localizedName":"Sperre","name":"Ban","notifyUserOnEnd":false,"reason":"r","reasonCode":"R","userActionId":"0192d3a4-0000-7000-8000-000000000005",
        "preventsLogin":true,"isLockout":false,"isOver":true}
        """;

    [Fact]
    public void An_entry_of_the_log_still_reads()
    {
        var action = StoredAction.Read(Encoding.UTF8.GetBytes(Action));
        Assert.Equal([ActionPhase.Start, ActionPhase.End], action.History.Select(h => h.Phase));
        Assert.Equal(("Ban", 9L, true, true, (long?)null), (action.Name, action.Expiry!.Value, action.PreventsLogin, action.IsOver, action.Due));
        Assert.Equal(Action.ReplaceLineEndings(""), Encoding.UTF8.GetString(action.Write()));
    }

    [Fact]
    public void Counters_still_read_with_a_lockout_and_without_one()
    {
        var attempts = UserAttempts.Read("""{"windows":{"Lockout":{"since":1,"last":2,"count":3}},"lockout":{"actionId":"0192d3a4-0000-7000-8000-000000000001","userActionId":"0192d3a4-0000-7000-8000-000000000005","until":9}}"""u8.ToArray());
        Assert.Equal((3, 9L), (attempts.Of(LimitedAction.Lockout).Count, attempts.Lockout!.Until));
        Assert.Null(UserAttempts.Read("""{"windows":{}}"""u8.ToArray()).Lockout);
        Assert.Equal(3, DecoyAttempts.Read("""{"names":{"ab":{"windows":{"Lockout":{"since":1,"last":2,"count":3}}}}}"""u8.ToArray()).Of("ab").Of(LimitedAction.Lockout).Count);
    }

    [Fact]
    public void What_keeps_a_user_out_still_reads_and_a_user_without_it_is_written_as_before()
    {
        const string User = """{"user":{"id":"0192d3a4-0000-7000-8000-000000000002","tenantId":"0192d3a4-0000-7000-8000-000000000006"},"preventions":[{"actionId":"0192d3a4-0000-7000-8000-000000000001","expiry":9,"applicationIds":[],"name":"Ban"}],"actionsChanged":4}""";
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(User));
        Assert.Equal(4, user.ActionsChanged);
        Assert.True(Assert.Single(user.Preventions).IsInForce(null, 8));
        Assert.False(user.Preventions[0].IsInForce(null, 9));
        var plain = Encoding.UTF8.GetString((user with { Preventions = default, ActionsChanged = 0 }).Write());
        Assert.DoesNotContain("preventions", plain, StringComparison.Ordinal);
        Assert.True(StoredUser.Read(Encoding.UTF8.GetBytes(plain)).Preventions.IsDefault);
    }

    [Fact]
    public void One_stand_in_remembers_so_many_names_and_those_tried_longest_ago_make_room()
    {
        var decoy = DecoyAttempts.None;
        for (var i = 0; i < 40; i++) decoy = decoy.With($"name {i}", UserAttempts.None.With(LimitedAction.Lockout, new AttemptWindow(i, i, 1)), staleBefore: 0);
        Assert.Equal(DecoyAttempts.MostNames, decoy.Names.Count);
        Assert.Equal(1, decoy.Of("name 39").Of(LimitedAction.Lockout).Count);
        Assert.Equal(0, decoy.Of("name 0").Of(LimitedAction.Lockout).Count);

        // A name that is shut is tried, in this sense, until it is open.
        decoy = decoy.With("shut", UserAttempts.None with { Lockout = new Lockout(default, default, 1_000) }, staleBefore: 0).With("new", UserAttempts.None, staleBefore: 500);
        Assert.Equal(["new", "shut"], decoy.Names.Keys.Order());
    }
}
