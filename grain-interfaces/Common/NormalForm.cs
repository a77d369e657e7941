using System.Globalization;
using System.Text;

namespace OrleansAuth.Common;

/// <summary>
/// Unicode's normalization form C (UAX #15): one spelling for each text that looks one way. The server runs without the
/// tables of ICU, where the runtime's own <c>Normalize</c> changes nothing, so the tables are here.
/// </summary>
public static class NormalForm
{
    /// <summary>Everything below is composed and moves past nothing.</summary>
    private const char FirstMark = '\u0300';

    // Syllables of Hangul are made of two or three letters by arithmetic (The Unicode Standard, section 3.12).
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Tails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    private static readonly Lazy<Tables> Known = new(Tables.Load);

    /// <summary>The text in form C; text in form C comes back as it is. Broken surrogates are replaced.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1))) return text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, points);
        Order(points);
        Join(points);
        var composed = new StringBuilder(points.Count);
        foreach (var point in points) composed.Append(new Rune(point).ToString());
        return composed.ToString();
    }

    private static void Decompose(int point, List<int> points)
    {
        var syllable = point - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            points.Add(Leads + (syllable / (VowelCount * TailCount)));
            points.Add(Vowels + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount != 0) points.Add(Tails + (syllable % TailCount));
        }
        else if (Known.Value.Parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts) Decompose(part, points);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Marks of different classes in the order of their classes; those of one class, which stack, as they were.</summary>
    private static void Order(List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (mark, order) = (points[i], Known.Value.ClassOf(points[i]));
            var to = i;
            if (order == 0) continue;
            for (; to > 0 && Known.Value.ClassOf(points[to - 1]) > order; to--) points[to] = points[to - 1];
            points[to] = mark;
        }
    }

    /// <summary>Joins each letter with what follows it, where nothing stands between that keeps the two apart: a letter, or a mark of the same or a higher class.</summary>
    private static void Join(List<int> points)
    {
        var (letter, kept, lastOrder) = (-1, 0, -1);
        foreach (var point in points.ToArray())
        {
            var order = Known.Value.ClassOf(point);
            if (letter >= 0 && lastOrder < order && Pair(points[letter], point) is { } joined)
            {
                points[letter] = joined;
                continue;
            }

            if (order == 0) (letter, lastOrder) = (kept, -1);
            else lastOrder = order;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first - Leads is >= 0 and < LeadCount && second - Vowels is >= 0 and < VowelCount)
            return Syllables + ((((first - Leads) * VowelCount) + (second - Vowels)) * TailCount);
        if (first - Syllables is >= 0 and < SyllableCount && (first - Syllables) % TailCount == 0 && second - Tails is > 0 and < TailCount)
            return first + (second - Tails);
        return Known.Value.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private sealed class Tables
    {
        private readonly Dictionary<int, byte> _classes = [];

        public Dictionary<int, int[]> Parts { get; } = [];

        public Dictionary<(int, int), int> Wholes { get; } = [];

        public byte ClassOf(int point) => point < FirstMark ? (byte)0 : _classes.GetValueOrDefault(point);

        public static Tables Load()
        {
            var tables = new Tables();
            using var text = new StreamReader(typeof(NormalForm).Assembly.GetManifestResourceStream("normal-form.txt")!);
            while (text.ReadLine() is { } line)
                if (!line.StartsWith('#')) tables.Add(line);
            return tables;
        }

        /// <summary>A point with its parts, or a range with its class; an exclamation mark stands before what is not composed again.</summary>
        private void Add(string line)
        {
            var words = line.TrimStart('!').Split(' ');
            if (words[0].Split("..") is [var first, var last])
            {
                for (var point = Hex(first); point <= Hex(last); point++) _classes[point] = byte.Parse(words[1], CultureInfo.InvariantCulture);
                return;
            }

            var parts = words.Skip(1).Select(Hex).ToArray();
            Parts[Hex(words[0])] = parts;
            if (!line.StartsWith('!')) Wholes[(parts[0], parts[1])] = Hex(words[0]);
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
