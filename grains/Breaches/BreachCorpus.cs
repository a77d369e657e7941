using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansAuth.Breaches;

/// <summary>
/// Hashes of breached passwords on this machine, in the form in which they are published: one file for each first five hexadecimal digits
/// of the SHA-1 of a password, named by them (an extension is allowed), a line <c>REST:COUNT</c> for each password. Nothing leaves the
/// machine, and no file stays in memory.
/// </summary>
/// <param name="folder">Null where there is none.</param>
internal sealed partial class BreachCorpus(string? folder)
{
    private const int PrefixLength = 5;
    private const int RestLength = 35;
    private const int ChunkSize = 64 * 1024;

    /// <summary>Nothing is known.</summary>
    public static readonly BreachCorpus None = new((string?)null);

    /// <summary>Whether the folder holds at least one file of a range.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static bool HasRanges(string folder) => Directory.EnumerateFiles(folder).Any(file => RangeName().IsMatch(Path.GetFileName(file)));

    /// <summary>
    /// How often the password was seen in breaches; 0 for never, or where its range is not there. Read on another thread, so that
    /// a grain that awaits it holds up nobody else.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public Task<long> Count(string password, CancellationToken stop = default)
    {
        if (folder is null) return Task.FromResult(0L);
#pragma warning disable CA5350 // The published hashes are SHA-1; nothing is protected by it here.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        return Task.Run(() => Find(folder, hash[..PrefixLength]) is { } file ? Search(file, Encoding.ASCII.GetBytes(hash, PrefixLength, RestLength)) : 0, stop);
    }

    private static string? Find(string folder, string prefix)
    {
        string[] names = [prefix, prefix + ".txt", prefix.ToLowerInvariant(), prefix.ToLowerInvariant() + ".txt"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The number behind the rest in the file. Read in pieces, so that a file of any size costs the same memory.</summary>
    private static long Search(string path, byte[] rest)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var kept = 0;
            for (long offset = 0; ;)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(kept, ChunkSize - kept), offset);
                offset += read;
                var text = buffer.AsSpan(0, kept + read);
                var whole = read == 0 ? text.Length : text.LastIndexOf((byte)'\n') + 1;
                if (CountIn(text[..whole], rest) is var count and > 0) return count;
                if (read == 0) return 0;
                // A line longer than a piece is none of ours: it is passed over.
                var left = text.Length - whole < ChunkSize / 2 ? text[whole..] : [];
                left.CopyTo(buffer);
                kept = left.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long CountIn(ReadOnlySpan<byte> lines, byte[] rest)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? [] : lines[(end + 1)..];
            if (line.Length <= RestLength || line[RestLength] != ':' || !Ascii.EqualsIgnoreCase(line[..RestLength], rest)) continue;
            // Ranges are padded with rests that were never seen: their number is 0.
            return System.Buffers.Text.Utf8Parser.TryParse(line[(RestLength + 1)..], out long count, out _) ? count : 1;
        }

        return 0;
    }

    [GeneratedRegex("^[0-9A-Fa-f]{5}(\\.[A-Za-z0-9]+)?$")]
    private static partial Regex RangeName();
}
