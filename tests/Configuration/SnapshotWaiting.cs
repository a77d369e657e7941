using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Configuration;

/// <summary>Waits for what happens behind an answer, woken by the store's own notice of a change.</summary>
internal static class SnapshotWaiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Ends when the server's snapshot is as <paramref name="wanted"/> says; fails when that does not come.</summary>
    public static async Task Until(this TestServer server, Func<ConfigurationSnapshot, bool> wanted)
    {
        var store = server.Services.GetRequiredService<IStore>();
        var reader = server.Services.GetRequiredService<ConfigurationReader>();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.ConfigurationChanged += Look;
        try
        {
            // Of the store and not of the snapshot: a change whose notice came before the subscription may still be on its way there.
            Look(await store.ConfigurationVersion());
            await seen.Task.WaitAsync(Patience);
        }
        finally
        {
            store.ConfigurationChanged -= Look;
        }

        async void Look(long version)
        {
            if (wanted(await reader.AtLeast(version))) seen.TrySetResult();
        }
    }
}
