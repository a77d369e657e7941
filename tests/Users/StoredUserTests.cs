using System.Text;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

public sealed class StoredUserTests
{
    private const string Saved = """
        {"user":{"active":true,"email":"ada@example.com","id":"0192d3a4-0000-7000-8000-000000000001","tenantId":"0192d3a4-0000-7000-8000-000000000002",
        "data":{"kept":null},"newer":"member","registrations":[{"applicationId":"0192d3a4-0000-7000-8000-000000000003","roles":["writer"],"insertInstant":5}],
        "identities":[{"type":{"name":"email"},"value":"ada@example.com","verified":true,"verifiedReason":"Disabled"}],"verified":true},
        "password":{"scheme":"salted-sha256","factor":1,"salt":"c2FsdA==","hash":"aGFzaA=="},
        "sessionsRevokedBefore":7,"sessionsRevokedBeforeByApplication":{"0192d3a4-0000-7000-8000-000000000003":9}}
        """;

    [Fact]
    public void A_user_that_an_earlier_version_stored_still_reads()
    {
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(Saved));
        Assert.Equal(new StoredPassword("salted-sha256", 1, "c2FsdA==", "aGFzaA=="), user.Password);
        Assert.Equal((7L, 9L), (user.SessionsRevokedBefore, user.SessionsRevokedBeforeByApplication.Single().Value));
        Assert.Equal("writer", Assert.Single(Assert.Single(user.User.Registrations).Roles));
        Assert.Equal(IdentityVerifiedReason.Disabled, Assert.Single(user.User.Identities).VerifiedReason);
        Assert.Empty(user.PreviousPasswords);
    }

    [Fact]
    public void What_this_version_does_not_know_is_written_back()
    {
        var again = Encoding.UTF8.GetString(StoredUser.Read(Encoding.UTF8.GetBytes(Saved)).Write());
        Assert.Contains("\"newer\":\"member\"", again, StringComparison.Ordinal);
        Assert.Contains("\"kept\":null", again, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_newer_version_stored_beside_the_user_and_in_its_parts_outlives_a_change_by_this_one()
    {
        var newer = Saved.Replace("\"sessionsRevokedBefore\":7", "\"sessionsRevokedBefore\":7,\"quarantine\":{\"until\":9}", StringComparison.Ordinal)
            .Replace("\"factor\":1", "\"factor\":1,\"pepper\":\"p1\"", StringComparison.Ordinal);
        var changed = Encoding.UTF8.GetString((StoredUser.Read(Encoding.UTF8.GetBytes(newer)) with { SessionsRevokedBefore = 8 }).Write());
        Assert.Contains("\"quarantine\":{\"until\":9}", changed, StringComparison.Ordinal);
        Assert.Contains("\"pepper\":\"p1\"", changed, StringComparison.Ordinal);
        Assert.Contains("\"sessionsRevokedBefore\":8", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void Logins_that_an_earlier_version_stored_still_read()
    {
        var logins = UserLogins.Read("""{"lastLoginInstant":5,"byApplication":{"0192d3a4-0000-7000-8000-000000000003":6}}"""u8.ToArray());
        Assert.Equal((5L, 6L), (logins.LastLoginInstant, logins.ByApplication.Single().Value));
        Assert.Equal(UserLogins.None.Write(), UserLogins.Read("{}"u8.ToArray()).Write());
    }
}
