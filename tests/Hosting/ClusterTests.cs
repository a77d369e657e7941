using OrleansAuth.Setup;

namespace OrleansAuth.Hosting;

/// <summary>What a process refuses that is told, or not told, about a cluster.</summary>
public sealed partial class ClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task Refuses(ServerProcess process, string sentence)
    {
        await using (process)
        {
            Assert.Equal(1, await process.Exit());
            Assert.Contains(sentence, process.Written, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Written, StringComparison.Ordinal);
        }
    }
}
