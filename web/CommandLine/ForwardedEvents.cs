using System.Net.Http.Headers;

namespace OrleansAuth.CommandLine;

/// <summary>How a developer's receiver answered.</summary>
/// <param name="Status">0 where there was no answer.</param>
/// <param name="Fault">Why there was none.</param>
internal sealed record ForwardedAnswer(int Status, string? Fault);

/// <summary>Hands events on to a developer's receiver as they are: the body to the byte, and what signs it.</summary>
/// <param name="target">Null where nothing is handed on.</param>
internal sealed class ForwardedEvents(Uri? target) : IDisposable
{
    /// <summary>What belongs to the connection or says whom it was for.</summary>
    private static readonly string[] NotHandedOn = ["Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade"];

    private readonly HttpClient _http = ApiClient.Http(TimeSpan.FromSeconds(10));

    public bool Wanted => target is not null;

    public async Task<ForwardedAnswer> Send(HeardEvent heard)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ReadOnlyMemoryContent(heard.Body) };
        foreach (var (name, values) in heard.Headers)
        {
            if (NotHandedOn.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            HttpHeaders headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? request.Content.Headers : request.Headers;
            headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await Send(request);
    }

    public async Task<ForwardedAnswer> Send(HttpRequestMessage request)
    {
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return new ForwardedAnswer((int)answer.StatusCode, null);
        }
        catch (HttpRequestException error)
        {
            return new ForwardedAnswer(0, $"The receiver at {request.RequestUri} cannot be reached ({error.HttpRequestError}).");
        }
        catch (OperationCanceledException)
        {
            return new ForwardedAnswer(0, $"The receiver at {request.RequestUri} did not answer in time.");
        }
    }

    public void Dispose() => _http.Dispose();
}
