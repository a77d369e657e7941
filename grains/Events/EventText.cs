using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>
/// Where an event is written. Each thread keeps one and writes event after event with it, since a buffer for each would be the larger part of
/// what an event costs in memory: <see cref="Begin"/>, write, <see cref="End"/>, without waiting for anything in between.
/// </summary>
internal sealed class EventText
{
    private const int UsualLength = 4 * 1024;

    /// <summary>One large event must not keep its memory for as long as the thread lives.</summary>
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static EventText? _ofThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(UsualLength);

    // Not validated, as where a node writes itself: the order of calls is that of the code.
    private EventText() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = ContractJson.Options.Encoder, MaxDepth = ContractJson.MaximumDepth, SkipValidation = true });

    /// <summary>Good until <see cref="End"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    public static EventText Begin()
    {
        // Taken away until it is finished: what an event left behind that could not be written is not written on.
        var text = _ofThread ?? new EventText();
        _ofThread = null;
        return text;
    }

    /// <summary>What was written.</summary>
    public string End()
    {
        Writer.Flush();
        var written = Encoding.UTF8.GetString(_buffer.WrittenSpan);
        // With zeros: there are events that hold tokens.
        _buffer.Clear();
        Writer.Reset();
        if (_buffer.Capacity <= LargestKept) _ofThread = this;
        return written;
    }
}
