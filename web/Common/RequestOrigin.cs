using OrleansAuth.Configuration;
using OrleansAuth.Events;

namespace OrleansAuth.Common;

/// <summary>Who sent a request and from where, as far as the server sees it itself. The one place where the web tier makes actors.</summary>
internal static class RequestOrigin
{
    /// <summary>Of what the browser or client calls itself, in characters; what is longer is cut.</summary>
    public const int LongestUserAgent = 512;

    /// <param name="name">For the audit log, such as <c>setup</c>.</param>
    public static Actor ActorNamed(this HttpContext http, string name) => Actor.At(http.Origin(), name) with { RequestId = http.TraceIdentifier };

    /// <summary>The address of the connection, which nobody can choose, and what the client calls itself.</summary>
    public static EventInfo Origin(this HttpContext http) => new() { IpAddress = http.Connection.RemoteIpAddress?.ToString(), UserAgent = UserAgent(http.Request.Headers.UserAgent.ToString()) };

    public static string? UserAgent(string? sent) => sent switch
    {
        null or "" => null,
        { Length: > LongestUserAgent } => sent[..LongestUserAgent],
        _ => sent,
    };
}
