using System.Text;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Sessions;

/// <summary>Yesterday's rows still read.</summary>
public sealed class StoredSessionTests
{
    private const string Saved = """
        {"tenantId":"11111111-1111-1111-1111-111111111111","userId":"22222222-2222-2222-2222-222222222222","applicationId":"33333333-3333-3333-3333-333333333333","valueHash":"AQID","familyHash":"BAUG","importedHash":"BwgJ","rotation":{"previousHash":"CgsM","seed":"DQ4P","instant":4},"opened":1,"insertInstant":2,"startInstant":3,"lastUsed":5,"lastAddress":"192.0.2.1","metaData":{"device":{"name":"phone"}},"data":{"a":[1,null]}}
        """;

    [Fact]
    public void A_saved_session_reads_and_writes_the_same_bytes()
    {
        var session = StoredSession.Read(Encoding.UTF8.GetBytes(Saved));
        Assert.Equal((1, 2, 3, 5L), (session.Opened, session.InsertInstant, session.StartInstant, session.LastUsed));
        Assert.Equal([10, 11, 12], session.Rotation!.PreviousHash);
        Assert.Equal(Saved, Encoding.UTF8.GetString(session.Write()));
    }

    [Fact]
    public void A_session_of_the_first_version_reads_with_what_it_lacks()
    {
        var session = StoredSession.Read("""{"tenantId":"11111111-1111-1111-1111-111111111111","userId":"22222222-2222-2222-2222-222222222222","valueHash":"AQID","opened":1,"insertInstant":2,"startInstant":3}"""u8.ToArray());
        Assert.Null(session.ApplicationId);
        Assert.Null(session.Rotation);
        Assert.Null(session.MetaData);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("short")]
    public void What_is_not_of_the_form_is_no_token(string text) => Assert.False(RefreshTokenValue.TryRead(text, out _));

    [Fact]
    public void A_token_has_one_spelling()
    {
        var token = RefreshTokenValue.New(Guid.NewGuid(), Guid.NewGuid());
        var text = token.Reveal();
        Assert.True(RefreshTokenValue.TryRead(text, out var read));
        Assert.Equal((token.TenantId, token.SessionId), (read.TenantId, read.SessionId));
        Assert.Equal(token.Hash(), read.Hash());
        Assert.DoesNotContain(text, token.ToString(), StringComparison.Ordinal);

        // The last character carries four spare bits.
        var spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var other = text[..^1] + spare[spare.IndexOf(text[^1], StringComparison.Ordinal) + 1];
        Assert.All((string[])[text[..^1], text + "A", text + "=", " " + text[1..], text.Replace(text[0], '+'), other], t => Assert.False(RefreshTokenValue.TryRead(t, out _)));
    }

    [Fact]
    public void The_next_value_follows_from_value_and_seed_and_from_neither_alone()
    {
        var token = RefreshTokenValue.New(Guid.NewGuid(), Guid.NewGuid());
        byte[] seed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        var next = token.Next(token.Reveal(), seed);
        Assert.Equal(next.Reveal(), token.Next(token.Reveal(), seed).Reveal());
        Assert.NotEqual(next.Hash(), token.Hash());
        Assert.Equal(token.FamilyHash(), next.FamilyHash());
        Assert.NotEqual(next.Hash(), token.Next(token.Reveal(), [.. seed.Reverse()]).Hash());
        Assert.NotEqual(next.Hash(), token.Next("other", seed).Hash());
    }
}
