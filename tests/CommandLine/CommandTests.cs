using OrleansAuth.Setup;

namespace OrleansAuth.CommandLine;

/// <summary>How commands are given, and what they say where they were given wrongly. None of these needs a server.</summary>
public sealed class CommandTests : IDisposable
{
    private const string Id = "0f0e0d0c-0b0a-4908-8706-050403020100";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("webhooks listen --help", "--forward-to URL")]
    [InlineData("webhooks listen -h", "ORLEANSAUTH_API_KEY")]
    [InlineData("webhooks trigger --help", "webhooks trigger <type> [options]")]
    [InlineData("webhooks resend --help", "--since TIME")]
    [InlineData("logs tail --help", "--filter KINDS")]
    [InlineData("webhooks --help", "webhooks resend")]
    [InlineData("help", "logs tail")]
    public async Task Help_is_given_to_who_asks(string written, string expected)
    {
        var (exit, text) = await Run(written);
        Assert.Equal(0, exit);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webhook listen", "There is no command 'webhook'.")]
    [InlineData("webhooks", "There is no command 'webhooks'.")]
    [InlineData("webhooks lisen", "There is no command 'webhooks lisen'.")]
    [InlineData("webhooks listen --key k --evnts x", "There is no option --evnts. 'webhooks listen --help' shows what there is.")]
    [InlineData("webhooks listen --key k -x", "There is no option -x.")]
    [InlineData("webhooks listen --key", "--key needs a value.")]
    [InlineData("webhooks listen --key=", "--key needs a value.")]
    [InlineData("webhooks listen --key a --key b", "--key is there twice.")]
    [InlineData("webhooks listen --json=yes", "--json takes no value.")]
    [InlineData("webhooks listen please", "Nobody knows what 'please' is to mean here.")]
    [InlineData("webhooks listen", "An API key is needed: --key, or the environment variable ORLEANSAUTH_API_KEY.")]
    [InlineData("webhooks listen --key k --events user.created", "There is no type of events 'user.created'.")]
    [InlineData("webhooks listen --key k --url localhost:9011", "--url must be an address such as")]
    [InlineData("webhooks listen --key k --forward-to ftp://localhost/", "--forward-to must be an address such as")]
    [InlineData("webhooks listen --key k --tenant mine", "--tenant must be an id (UUID), and 'mine' is none.")]
    [InlineData("webhooks trigger", "The <type> is missing.")]
    [InlineData("webhooks trigger user.created --forward-to http://127.0.0.1:9/", "There is no type of events 'user.created'.")]
    [InlineData("webhooks trigger user.create", "Say where to: either --webhook or --forward-to.")]
    [InlineData("webhooks trigger user.create --forward-to http://127.0.0.1:9/ --secret abc", "--secret must be whsec_")]
    [InlineData("webhooks trigger user.create --secret abc --webhook " + Id, "--secret goes with --forward-to.")]
    [InlineData("webhooks resend --key k --since 1h", "--webhook is missing.")]
    [InlineData("webhooks resend --key k --webhook " + Id, "Say which: either --event or --since.")]
    [InlineData("webhooks resend --key k --since 1w --webhook " + Id, "--since must be a time such as 90s, 15m, 1h or 2d.")]
    [InlineData("webhooks resend --key k --failed --event " + Id + " --webhook " + Id, "--types and --failed choose among events of a time")]
    public async Task What_is_given_wrongly_is_refused_with_a_sentence(string written, string sentence)
    {
        var (exit, text) = await Run(written);
        Assert.Equal(2, exit);
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("webhooks listen --key k --url http://127.0.0.1:9")]
    [InlineData("webhooks resend --key k --since 1h --webhook " + Id + " --url http://127.0.0.1:9")]
    [InlineData("webhooks trigger test --key k --webhook " + Id + " --url http://127.0.0.1:9")]
    [InlineData("logs tail --key k --url http://127.0.0.1:9")]
    public async Task A_server_that_is_not_there_is_named(string written)
    {
        var (exit, text) = await Run(written);
        Assert.Equal(1, exit);
        Assert.Contains("The server at http://127.0.0.1:9/ cannot be reached (ConnectionError). Start it, or say with --url where it is.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_wrote_does_not_command_the_terminal() => Assert.Equal("a [2Jb  c\u00e4 d", Terminal.Clean("a\u001b[2Jb\r\nc\u00e4\u2028d"));

    private async Task<(int Exit, string Written)> Run(string written) => await CommandWorld.Ended(ServerProcess.Command(_folder.Path, [("ORLEANSAUTH_API_KEY", "")], written.Split(' ')));
}
