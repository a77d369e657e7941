using System.Text;

namespace OrleansAuth.CommandLine;

public sealed class ServerSentEventsTests
{
    [Fact]
    public async Task A_stream_is_read_as_browsers_read_it()
    {
        const string Sent = ": a comment\nretry: 500\nid: 7\n\nevent: audit\ndata: {\"a\":1}\n\ndata:two\ndata: lines\nid: 8\n\nevent: login\nid: 9\n\ndata: cut off";
        var events = new ServerSentEvents();
        var read = new List<(string, string)>();
        await foreach (var told in events.Read(new MemoryStream(Encoding.UTF8.GetBytes(Sent)), default)) read.Add(told);

        Assert.Equal([("audit", "{\"a\":1}"), ("message", "two\nlines")], read);
        Assert.Equal("9", events.LastId);
        Assert.Equal(TimeSpan.FromMilliseconds(500), events.Pause);
    }

    [Fact]
    public async Task An_event_without_an_end_is_given_up()
    {
        var line = Encoding.UTF8.GetBytes("data: " + new string('x', 100_000) + "\n");
        var endless = new MemoryStream([.. Enumerable.Repeat(line, 50).SelectMany(bytes => bytes)]);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var _ in new ServerSentEvents().Read(endless, default)) Assert.Fail("There is no event.");
        });
    }
}
