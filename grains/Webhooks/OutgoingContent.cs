using System.Net;

namespace OrleansAuth.Webhooks;

/// <summary>A body that says when it begins to be written.</summary>
internal sealed class OutgoingContent : HttpContent
{
    private readonly HttpContent _body;
    private readonly Action _begins;

    public OutgoingContent(HttpContent body, Action begins)
    {
        (_body, _begins) = (body, begins);
        foreach (var (name, values) in body.Headers) Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begins();
        return _body.CopyToAsync(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }
}
