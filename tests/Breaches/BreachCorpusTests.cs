using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansAuth.Hosting;
using OrleansAuth.Setup;

namespace OrleansAuth.Breaches;

public sealed class BreachCorpusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("breaches-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{0}.txt", "\r\n", true)]
    [InlineData("{0}", "\n", true)]
    [InlineData("{0}.txt", "\n", false)]
    public async Task Finds_a_password_in_the_file_of_its_range_in_every_form_that_is_published(string name, string end, bool upper)
    {
        await Write("hunter22", 42, name, end, upper, before: 900, after: 900);
        var corpus = new BreachCorpus(_folder.FullName);
        Assert.Equal(42, await corpus.Count("hunter22"));
        Assert.Equal(0, await corpus.Count("hunter23"));
        Assert.Equal(0, await BreachCorpus.None.Count("hunter22"));
    }

    [Fact]
    public async Task Finds_it_at_either_end_of_a_file_of_many_pieces_and_without_a_last_line_end()
    {
        await Write("first of all", 7, "{0}", "\n", true, before: 0, after: 20_000);
        await Write("last of all", 8, "{0}", "\n", true, before: 20_000, after: 0);
        var corpus = new BreachCorpus(_folder.FullName);
        Assert.Equal(7, await corpus.Count("first of all"));
        Assert.Equal(8, await corpus.Count("last of all"));
    }

    [Fact]
    public async Task Padding_and_lines_of_another_kind_count_nothing()
    {
        await Write("padded", 0, "{0}", "\n", true, before: 3, after: 3);
        var (prefix, rest) = Hash("garbled");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, prefix), $"{new string('x', 200_000)}\n:\n{rest}\n{rest[..34]}:5\n\n");
        var corpus = new BreachCorpus(_folder.FullName);
        Assert.Equal(0, await corpus.Count("padded"));
        Assert.Equal(0, await corpus.Count("garbled"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Password1!")]
    [InlineData("P@ssw0rd")]
    [InlineData("12345678")]
    [InlineData("qwerty2026")]
    [InlineData("!!iloveyou")]
    [InlineData("  DRAGON  ")]
    public void Knows_what_is_tried_first(string password) => Assert.True(CommonPasswords.Contains(password));

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("passwordless")]
    [InlineData("dragonfly-in-june")]
    [InlineData("1234")]
    [InlineData("")]
    [InlineData("\u00e9\u00e8\u00ea\u00eb-horse")]
    public void Takes_nothing_else_for_it(string password) => Assert.Equal(password == "1234", CommonPasswords.Contains(password));

    [Fact]
    public void A_folder_that_is_not_there_or_holds_nothing_of_the_kind_stops_the_start()
    {
        Assert.Contains("does not exist", Assert.Throws<SettingsException>(() => Read(Path.Combine(_folder.FullName, "nowhere"))).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.FullName, "readme.txt"), "none");
        Assert.Contains("range files", Assert.Throws<SettingsException>(() => Read(_folder.FullName)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.FullName, "0aB1c.txt"), "");
        Assert.NotNull(Read(_folder.FullName));

        static BreachCorpus Read(string folder) => BreachSettings.Corpus(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Breaches:Folder", (string?)folder)]).Build());
    }

    [Fact]
    public async Task An_unknown_setting_beside_it_stops_the_start_too()
    {
        await using var server = ServerProcess.Launch(_folder.FullName, "--Breaches:File=x");
        Assert.NotEqual(0, await server.Exit());
        Assert.Contains("There is no setting Breaches:File", server.Written, StringComparison.Ordinal);
    }

    internal static (string Prefix, string Suffix) Hash(string password)
    {
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
        return (hash[..5], hash[5..]);
    }

    private async Task Write(string password, int count, string name, string end, bool upper, int before, int after)
    {
        var (prefix, rest) = Hash(password);
        var lines = Others(before, "0").Append($"{(upper ? rest : rest.ToLowerInvariant())}:{count}").Concat(Others(after, "F"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, string.Format(CultureInfo.InvariantCulture, name, upper ? prefix : prefix.ToLowerInvariant())), string.Join(end, lines));
    }

    private static IEnumerable<string> Others(int count, string first) => Enumerable.Range(0, count).Select(i => $"{first}{i:X34}:{i}");
}
