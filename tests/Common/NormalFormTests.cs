using System.Text;
using System.Text.Json;
using OrleansAuth.Users;

namespace OrleansAuth.Common;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("E\u0301mile", "\u00c9mile")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("a\u0302\u0323", "\u1ead")]
    [InlineData("a\u0323\u0302", "\u1ead")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\u0915\u093c", "\u0915\u093c")]
    [InlineData("\u0301e\u0301", "\u0301\u00e9")]
    public void Text_that_looks_one_way_is_spelled_one_way(string text, string composed)
    {
        Assert.Equal(composed, NormalForm.Compose(text));
        Assert.Equal(composed, NormalForm.Compose(composed));
    }

    [Fact]
    public void A_name_is_the_same_name_in_every_spelling() =>
        Assert.Single(new[] { "\u00c9mile@example.com", "E\u0301MILE@example.com", " e\u0301mile@EXAMPLE.com " }.Select(LoginName.Normalise).Distinct());

    [Fact]
    public async Task Every_letter_and_every_pile_of_marks_is_composed_as_others_do()
    {
        int[] some = [0x41, 0x61, 0x65, 0x73, 0xC5, 0x1E0B, 0x1EA1, 0x300, 0x301, 0x302, 0x307, 0x308, 0x30A, 0x323, 0x327, 0x328, 0x334, 0x345, 0x391, 0x3B1, 0x5D0, 0x5B7, 0x915, 0x93C, 0x9C7, 0x9BE, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x3099, 0x304B, 0x110BA, 0x11099, 0x1D157, 0x1D165];
        var random = new Random(7);
        var texts = Enumerable.Range(0, 5_000).Select(_ => Enumerable.Range(0, random.Next(1, 9)).Select(_ => some[random.Next(some.Length)]).ToArray()).ToArray();
        var answer = (await NodeClient.Run("normal-form", new { texts })).Json;

        foreach (var change in answer.GetProperty("single").EnumerateArray()) Assert.Equal(Points(change[1]), Points(NormalForm.Compose(Text([change[0].GetInt32()]))));
        var changed = answer.GetProperty("single").EnumerateArray().Select(change => change[0].GetInt32()).ToHashSet();
        var ours = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Where(point => NormalForm.Compose(Text([point])) != Text([point]));
        // Letters of a newer Unicode than Node.js knows change only here.
        Assert.Empty(changed.Except(ours));
        foreach (var (text, composed) in texts.Zip(answer.GetProperty("texts").EnumerateArray()))
            if (composed.ValueKind != JsonValueKind.Null) Assert.Equal(Points(composed), Points(NormalForm.Compose(Text(text))));
    }

    private static string Text(IEnumerable<int> points) => string.Concat(points.Select(point => new Rune(point).ToString()));

    private static int[] Points(JsonElement points) => [.. points.EnumerateArray().Select(point => point.GetInt32())];

    private static int[] Points(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];
}
