using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace OrleansAuth.Common;

/// <summary>
/// The stylesheet, out of the program itself. Its address has its hash, so browsers keep it for ever and a new version has
/// a new address.
/// </summary>
internal static class Assets
{
    private static readonly byte[] Style = Load("style.css");

    /// <summary>The address of the stylesheet.</summary>
    public static string StylePath { get; } = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(Style))[..16]}/style.css";

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet(StylePath, (HttpContext http) =>
    {
        http.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return Results.Bytes(Style, "text/css; charset=utf-8");
    });

    private static byte[] Load(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
