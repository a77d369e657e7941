using System.Collections.Frozen;

namespace OrleansAuth.Breaches;

/// <summary>
/// Passwords that are tried first by whoever guesses. The list is ours and short; a word of it with something before or after it
/// that people add to please a rule is no better than the word.
/// </summary>
internal static class CommonPasswords
{
    /// <summary>Signs around a word of the list that make nothing of it: at most so many on each side.</summary>
    private const int MostAdded = 4;

    /// <summary>Whoever writes other letters than these in a word has thought of more than a sign at its end.</summary>
    private const string Leet = "@a4a3e1i!i0o$s5s7t";

    private static readonly Lazy<FrozenSet<string>> All = new(Read);

    public static bool Contains(string password)
    {
        var plain = password.Trim().ToLowerInvariant();
        if (All.Value.Contains(plain)) return true;
        var bare = Bare(plain);
        return bare.Length >= 3 && (All.Value.Contains(bare) || All.Value.Contains(Spelled(bare)) || All.Value.Contains(Bare(Spelled(plain))));
    }

    /// <summary>Without a few signs that are no letters around it.</summary>
    private static string Bare(string password)
    {
        var (start, end) = (0, password.Length);
        while (start < end && start < MostAdded && !char.IsLetter(password[start])) start++;
        while (end > start && password.Length - end < MostAdded && !char.IsLetter(password[end - 1])) end--;
        return password[start..end];
    }

    /// <summary>With the letters that digits and signs are drawn like.</summary>
    private static string Spelled(string password) => string.Create(password.Length, password, static (into, from) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            var place = -1;
            for (var at = 0; at < Leet.Length; at += 2)
                if (Leet[at] == from[i]) place = at;
            into[i] = place < 0 ? from[i] : Leet[place + 1];
        }
    });

    private static FrozenSet<string> Read()
    {
        using var text = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
