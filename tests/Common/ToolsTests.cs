namespace OrleansAuth.Common;

public sealed class ToolsTests
{
    [Fact]
    public void The_repository_is_found_from_the_test_assembly_upwards() =>
        Assert.True(File.Exists(Path.Combine(Tools.RepositoryRoot, "tests", "run")));

    [Fact]
    public void Outside_a_repository_the_tests_say_so()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Tools.FindRepositoryRoot(Path.GetTempPath()));
        Assert.Contains("OrleansAuth.sln", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_on_the_search_path_is_not_found() =>
        Assert.Null(Tools.FindIn($"{Tools.Clients}{Path.PathSeparator}{Tools.RepositoryRoot}", "no-such-program"));

    [Fact]
    public void A_missing_tool_names_the_command_that_installs_it() =>
        Assert.Contains("run tests/run", Tools.Missing("It").Message, StringComparison.Ordinal);

    [Fact]
    public void Every_tool_the_tests_count_on_is_there()
    {
        Assert.True(File.Exists(Tools.Node));
        Assert.True(File.Exists(Tools.OpenSsl));
        Assert.True(File.Exists(Tools.OathTool));
        Assert.True(File.Exists(Tools.Chromium));
        Assert.True(File.Exists(Path.Combine(Tools.PostgresFolder, "initdb")));
    }

    [Fact]
    public async Task A_client_program_gets_its_input_and_environment_and_answers_in_json()
    {
        var result = await NodeClient.Run("echo", new { BaseUrl = "here" }, new Dictionary<string, string> { ["ECHO_VARIABLE"] = "set" });

        Assert.Equal("here", result.Json.GetProperty("given").GetProperty("baseUrl").GetString());
        Assert.Equal("set", result.Json.GetProperty("variable").GetString());
    }

    [Fact]
    public async Task A_client_program_that_fails_is_told_from_one_that_answers()
    {
        var result = await NodeClient.Run("echo", new { fail = "no such user" });

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("no such user", result.Errors, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => result.Json);
    }

    [Fact]
    public async Task A_client_program_that_does_not_end_is_ended() =>
        await Assert.ThrowsAsync<TimeoutException>(() => NodeClient.Run("echo", new { hang = true }, limit: TimeSpan.FromMilliseconds(300)));
}
