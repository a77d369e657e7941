namespace OrleansAuth.Themes;

public sealed class MessagePropertiesTests
{
    [Fact]
    public void Properties_are_read_as_Java_reads_them()
    {
        var messages = MessageProperties.Read("# comment\n! comment\n\na=1\n  b : two words \nc=x\\\n   y\nd=\\u00fc\\n\\t\\\\\n[blank]user.email=Required\ne=\nf\\=g=h=i\r\n", out var faulty);
        Assert.Equal(0, faulty);
        Assert.Equal(("1", "two words ", "xy", "ü\n\t\\", "Required", "", "h=i"), (messages["a"], messages["b"], messages["c"], messages["d"], messages["[blank]user.email"], messages["e"], messages["f=g"]));
        Assert.Equal(7, messages.Count);
    }

    [Theory]
    [InlineData("a=1\nwords", 2)]
    [InlineData("=x", 1)]
    [InlineData("a=\\u12", 1)]
    [InlineData("a=1\\\n2\nb", 3)]
    public void A_line_of_another_form_is_named(string text, int line)
    {
        MessageProperties.Read(text, out var faulty);
        Assert.Equal(line, faulty);
    }
}
