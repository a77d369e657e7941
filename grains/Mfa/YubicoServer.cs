using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Mfa;

/// <summary>Where one-time passwords of YubiKeys are checked whose secrets this server does not know.</summary>
/// <param name="ClientId">Who asks, by the validation server's own count.</param>
/// <param name="SecretKey">Signs requests and answers.</param>
/// <param name="Urls">Validation servers; the next one is asked where one does not answer.</param>
internal sealed record YubicoOptions(string ClientId, byte[] SecretKey, IReadOnlyList<Uri> Urls)
{
    /// <summary>No validation server.</summary>
    public static readonly YubicoOptions None = new("", [], []);

    /// <summary>Names no key.</summary>
    public override string ToString() => $"client {ClientId}";
}

/// <summary>
/// Asks a validation server of Yubico's protocol, version 2.0, whether a one-time password is good. Request and answer are
/// signed with HMAC-SHA1 over their sorted parameters; the answer must be about this password and this request.
/// </summary>
internal sealed class YubicoServer(YubicoOptions options) : IDisposable
{
    private const int LargestAnswer = 4096;

    /// <summary>The user's other business waits meanwhile, so the servers get little time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public bool IsConfigured => options.Urls.Count > 0;

    /// <summary>Which use of the key it is, where the server says so, else 0; null where the password is not good or nobody answered.</summary>
    public async Task<long?> Validate(YubiKeyCode code)
    {
        foreach (var url in options.Urls)
        {
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var request = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["id"] = options.ClientId, ["nonce"] = nonce, ["otp"] = code.Text(), ["timestamp"] = "1" };
            request["h"] = Sign(request);
            var query = string.Join('&', request.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
            try
            {
                var text = await _client.GetStringAsync(new UriBuilder(url) { Query = query }.Uri);
                return Read(text, code, nonce);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // The next one may answer; a code that nobody could check is not right.
            }
        }

        return null;
    }

    public void Dispose() => _client.Dispose();

    private long? Read(string text, YubiKeyCode code, string nonce)
    {
        var answer = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('=', 2) is [var name, var value] && !answer.TryAdd(name, value)) return null;
        if (!answer.Remove("h", out var signature) || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.ASCII.GetBytes(Sign(answer)))) return null;
        if (answer.GetValueOrDefault("status") != "OK" || answer.GetValueOrDefault("otp") != code.Text() || answer.GetValueOrDefault("nonce") != nonce) return null;
        return Number(answer, "sessioncounter") is { } plugged && Number(answer, "sessionuse") is { } touched ? (plugged << 8) | touched : 0;
    }

#pragma warning disable CA5350 // The protocol's own signature; as a MAC, SHA-1 is sound.
    private string Sign(SortedDictionary<string, string> parameters) => Convert.ToBase64String(HMACSHA1.HashData(
        options.SecretKey, Encoding.UTF8.GetBytes(string.Join('&', parameters.Select(p => $"{p.Key}={p.Value}")))));
#pragma warning restore CA5350

    private static long? Number(SortedDictionary<string, string> answer, string name) =>
        long.TryParse(answer.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1 << 24 ? number : null;
}
