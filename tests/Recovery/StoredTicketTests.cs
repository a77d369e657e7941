using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Mail;
using OrleansAuth.Storage.Recovery;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Recovery;

/// <summary>Yesterday's rows still read.</summary>
public sealed class StoredTicketTests
{
    private const string Ticket = """{"userId":"22222222-2222-2222-2222-222222222222","generation":3,"mailedTo":"ada@example.com","applicationId":"33333333-3333-3333-3333-333333333333","state":{"a":[1,null]}}""";
    private const string Mail = """{"to":"ada@example.com","subject":"Hello","text":"Hi","html":"<p>Hi</p>","toName":"Ada","expires":5}""";
    private const string Wish = """{"loginId":"ada","loginIdTypes":["username"],"applicationId":"33333333-3333-3333-3333-333333333333","state":{"a":1},"linkOrigin":"https://a.example","address":"192.0.2.1"}""";

    [Fact]
    public void A_ticket_reads_and_writes_the_same_bytes()
    {
        var ticket = StoredTicket.Read(new JsonText(Encoding.UTF8.GetBytes(Ticket)));
        Assert.Equal((3, "ada@example.com"), (ticket.Generation, ticket.MailedTo));
        Assert.Equal(Ticket, JsonText.From(ticket).ToString());
        Assert.Null(StoredTicket.Read(new JsonText("""{"userId":"22222222-2222-2222-2222-222222222222","generation":0}"""u8.ToArray())).State);
    }

    [Fact]
    public void A_mail_reads_and_writes_the_same_bytes()
    {
        Assert.Equal(Mail, MailMessage.Read(Mail).Write());
        Assert.Null(MailMessage.Read("""{"to":"a@b.example","subject":"","text":""}""").Html);
    }

    [Fact]
    public void A_wish_reads_and_writes_the_same_bytes_and_opens_in_its_place_only()
    {
        var (secrets, id) = (new SecretBox(new byte[32]), Guid.NewGuid());
        var wish = RecoveryWish.Open(secrets, id, Encoding.UTF8.GetBytes(secrets.Seal(Wish, $"outbox/{id:N}/body")));
        Assert.Equal(Wish, secrets.Open(Encoding.UTF8.GetString(wish.Seal(secrets, id)), $"outbox/{id:N}/body"));
        Assert.ThrowsAny<Exception>(() => RecoveryWish.Open(secrets, Guid.NewGuid(), wish.Seal(secrets, id)));
    }

    [Fact]
    public void A_user_of_an_earlier_version_has_had_no_other_password_and_is_written_as_before()
    {
        const string Saved = """{"user":{"id":"22222222-2222-2222-2222-222222222222","tenantId":"33333333-3333-3333-3333-333333333333"}}""";
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(Saved));
        Assert.Equal(0, user.PasswordGeneration);
        Assert.DoesNotContain("passwordGeneration", Encoding.UTF8.GetString(user.Write()), StringComparison.Ordinal);
        Assert.Equal(2, StoredUser.Read((user with { PasswordGeneration = 2 }).Write()).PasswordGeneration);
    }
}
