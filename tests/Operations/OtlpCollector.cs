using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Operations;

/// <summary>
/// A collector of traces on this machine that speaks OTLP over HTTP, and reads as much of its protocol buffers as tests ask about:
/// ids, names and attributes of spans.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public ConcurrentBag<Span> Spans { get; } = [];

    /// <summary>Everything that was sent, as bytes that texts can be looked for in.</summary>
    public ConcurrentBag<byte[]> Bodies { get; } = [];

    public string Url => _app.Urls.First();

    public static async Task<OtlpCollector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            collector.Take(body.ToArray());
            http.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>Whether any span, attribute or resource holds the text.</summary>
    public bool Holds(string text) => Bodies.Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2), as opentelemetry-proto 1 numbers them.
    private void Take(byte[] body)
    {
        Bodies.Add(body);
        foreach (var resource in Fields(body, 1))
            foreach (var scope in Fields(resource, 2))
                foreach (var span in Fields(scope, 2)) Spans.Add(Read(span));
    }

    private static Span Read(byte[] span)
    {
        string Id(int field) => Fields(span, field).Select(bytes => Convert.ToHexStringLower(bytes)).FirstOrDefault() ?? "";
        return new Span(Id(1), Id(2), Id(4), Encoding.UTF8.GetString(Fields(span, 5).First()), Fields(span, 9).ToDictionary(
            attribute => Encoding.UTF8.GetString(Fields(attribute, 1).First()),
            attribute => Encoding.UTF8.GetString(Fields(Fields(attribute, 2).First(), 1).FirstOrDefault() ?? [])));
    }

    /// <summary>The contents of a message's fields of one number that have a length.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += sizeof(ulong); break;
                case 5: at += sizeof(uint); break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == number) yield return message[at..(at + length)];
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}

/// <summary>A span as it arrived; ids in hexadecimal digits, an attribute that is no text is empty.</summary>
internal sealed record Span(string TraceId, string Id, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes);
