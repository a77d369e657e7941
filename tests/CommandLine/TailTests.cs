using System.Text.Json.Nodes;

namespace OrleansAuth.CommandLine;

public sealed class TailTests
{
    [Fact]
    public async Task What_logs_get_is_shown_as_it_comes_also_after_the_server_was_gone()
    {
        await using var world = await CommandWorld.Start();
        await using var tail = world.Run("logs", "tail", "--filter", "audit");
        await tail.Wrote("Listening. Ctrl-C ends it.");
        await world.Send(HttpMethod.Post, "/api/group", new { group = new { name = "Staff" } });
        Assert.Matches(@"^\d\d:\d\d:\d\d  audit         API key Tests: Group \[Staff\] with Id \[[0-9a-f-]{36}\] was created$", await tail.Wrote("Group [Staff]"));

        await world.Restart(() => tail.Wrote("The connection is gone; trying again in "));
        await world.Send(HttpMethod.Post, "/api/group", new { group = new { name = "Crew" } });
        await tail.Wrote("Group [Crew]");
        tail.Terminate();
        Assert.Equal(0, await tail.Exit());
        Assert.Empty(Directory.GetFileSystemEntries(world.Folder));
    }

    [Fact]
    public async Task An_entry_is_a_line_of_JSON_for_programs_and_a_wrong_kind_is_refused()
    {
        await using var world = await CommandWorld.Start();
        await using var tail = world.Run("logs", "tail", "--json", "--filter=audit", $"--tenant={world.Tenant}");
        await tail.Wrote("Listening. Ctrl-C ends it.");
        await world.Send(HttpMethod.Post, "/api/group", new { group = new { name = "Staff" } });
        var shown = JsonNode.Parse(await tail.Wrote("\"kind\":\"audit\""))!;

        Assert.StartsWith("Group [Staff", (string?)shown["entry"]!["message"], StringComparison.Ordinal);
        tail.Terminate();
        Assert.Equal(0, await tail.Exit());

        var (exit, text) = await CommandWorld.Ended(world.Run("logs", "tail", "--filter=everything"));
        Assert.Equal(1, exit);
        Assert.Contains("The server refused: The [kinds] must be some of ", text, StringComparison.Ordinal);
    }
}
