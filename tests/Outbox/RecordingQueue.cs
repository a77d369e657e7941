using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;

namespace OrleansAuth.Outbox;

/// <summary>A queue that tells the test what it was given, and does what the test says.</summary>
internal sealed class RecordingQueue : IOutboxQueue
{
    private readonly ConcurrentQueue<string> _delivered = new();
    private readonly Channel<(string Text, int Attempt)> _seen = Channel.CreateUnbounded<(string, int)>();
    private int _running;

    public string Name { get; init; } = "test";

    public OutboxLimits Limits { get; init; } = new() { Parallel = 4, BackOff = new BackOff { First = TimeSpan.FromMinutes(1), MostAttempts = 3 } };

    /// <summary>What becomes of an entry; everything is done unless a test sets this.</summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxVerdict>> Answer { get; set; } = (_, _) => Task.FromResult<OutboxVerdict>(new OutboxVerdict.Done());

    /// <summary>Texts in the order in which their delivery ended.</summary>
    public IEnumerable<string> Delivered => _delivered;

    /// <summary>The most that ran at once.</summary>
    public int Most { get; private set; }

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        lock (_delivered) Most = Math.Max(Most, ++_running);
        try
        {
            // Taken before the test hears of the delivery: what the test sets from then on is for the next one.
            var (text, answer) = (Encoding.UTF8.GetString(item.Body), Answer);
            await _seen.Writer.WriteAsync((text, item.Attempt), CancellationToken.None);
            var verdict = await answer(item, stop);
            if (verdict is OutboxVerdict.Done) _delivered.Enqueue(text);
            return verdict;
        }
        finally
        {
            lock (_delivered) _running--;
        }
    }

    /// <summary>The next delivery that begins, as text and number of the attempt.</summary>
    public async Task<(string Text, int Attempt)> Next()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _seen.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Whether a delivery has begun that <see cref="Next"/> has not returned.</summary>
    public bool HasMore => _seen.Reader.TryPeek(out _);
}
