using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OrleansAuth.Users;

/// <summary>Hashes that other implementations made; the file says which, and make-vectors.mjs makes it again.</summary>
internal static class PasswordVectors
{
    public static IReadOnlyList<PasswordVector> All { get; } = Read();

    private static IReadOnlyList<PasswordVector> Read([CallerFilePath] string here = "")
    {
        var text = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "password-vectors.json"));
        return JsonSerializer.Deserialize<VectorFile>(text, JsonSerializerOptions.Web)!.Vectors;
    }

    private sealed record VectorFile(string MadeWith, IReadOnlyList<PasswordVector> Vectors);
}

internal sealed record PasswordVector(string Scheme, string Password, string Salt, int Factor, string Hash);
