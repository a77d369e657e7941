using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Sessions;

/// <summary>
/// What tells the device of a login from others. It gives no right and protects nothing: whoever copies it is not warned about, no more.
/// </summary>
internal static class SeenDevices
{
    private const string Cookie = "fusionauth.known-device";

    /// <summary>The longest that browsers keep a cookie.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const int LongestValue = 64;
    private const int LongestName = 1024;

    /// <summary>A browser on our own pages: it keeps a random value for us, from its first login on.</summary>
    public static SeenDevice OfBrowser(HttpContext http)
    {
        var value = http.Request.Cookies[Cookie] is { Length: > 0 and <= LongestValue } kept ? kept : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        http.Response.Cookies.Append(Cookie, value, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", MaxAge = Kept, IsEssential = true });
        return new SeenDevice(Hash($"cookie/{value}"), SaysNew: false);
    }

    /// <summary>
    /// A client of the API: by what it and its device call themselves. Digits do not count, since a browser that was brought up to date is
    /// the same one; addresses do not either, since telephones change them all day.
    /// </summary>
    /// <param name="metaData">The contract's <c>metaData</c>; null for none.</param>
    /// <param name="saysNew">The contract's <c>newDevice</c>.</param>
    public static SeenDevice OfClient(ApiRequest request, JsonText? metaData, bool saysNew)
    {
        var device = metaData?.Read<JsonObject>()["device"] as JsonObject;
        var info = request.Actor.Info;
        string?[] names =
        [
            info?.UserAgent ?? request.Http.Request.Headers.UserAgent.ToString(), info?.Os, info?.DeviceName, info?.DeviceType, info?.DeviceDescription,
            Text(device, "name"), Text(device, "description"), Text(device, "type"),
        ];
        var name = string.Concat(string.Join('\n', names).Where(c => !char.IsDigit(c)).Take(LongestName));
        return new SeenDevice(string.IsNullOrWhiteSpace(name) ? null : Hash($"name/{name}"), saysNew);
    }

    private static string? Text(JsonObject? device, string member) => device?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
