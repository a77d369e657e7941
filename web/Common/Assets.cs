using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace OrleansAuth.Common;

/// <summary>
/// The stylesheet and the one script, out of the program itself. Their addresses have their hash, so browsers keep them for
/// ever and a new version has a new address.
/// </summary>
internal static class Assets
{
    private static readonly byte[] Style = Load("style.css");
    private static readonly byte[] Passkeys = Load("passkeys.js");

    /// <summary>The address of the stylesheet.</summary>
    public static string StylePath { get; } = PathOf(Style, "style.css");

    /// <summary>The address of the script for passkeys.</summary>
    public static string PasskeysPath { get; } = PathOf(Passkeys, "passkeys.js");

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(StylePath, (HttpContext http) => Serve(http, Style, "text/css; charset=utf-8"));
        routes.MapGet(PasskeysPath, (HttpContext http) => Serve(http, Passkeys, "text/javascript; charset=utf-8"));
    }

    private static IResult Serve(HttpContext http, byte[] content, string type)
    {
        http.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return Results.Bytes(content, type);
    }

    private static string PathOf(byte[] content, string name) => $"/assets/{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}/{name}";

    private static byte[] Load(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
