using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Mail;

/// <summary>
/// Puts mails into the commit of what causes them: they are sent if that holds, and never otherwise. They are stored sealed,
/// since they hold links that let people in.
/// </summary>
internal sealed class MailOutbox(SecretBox secrets, Clock clock)
{
    /// <summary>The name of the queue.</summary>
    public const string QueueName = "mail";

    /// <param name="userId">Mails about one user keep their order.</param>
    /// <exception cref="ArgumentException">Address or subject cannot stand in a header: whoever took them in should have refused them.</exception>
    public void Add(Commit commit, Guid tenantId, Guid userId, MailMessage message)
    {
        if (((string?[])[message.To, message.Subject, message.ToName, message.FromEmail, message.FromName, message.Recipient, .. message.Cc ?? []]).Any(text => text is not null && !MailHeaderText.IsClean(text)))
            throw new ArgumentException("An address, a name or a subject has control characters.", nameof(message));
        var id = Guid.CreateVersion7(clock.UtcNow);
        commit.Queue(new OutboxEntry(id, QueueName, $"{tenantId:N}/{userId:N}", tenantId, Encoding.UTF8.GetBytes(secrets.Seal(message.Write(), Place(id)))), clock.Now);
    }

    /// <exception cref="StoreUnavailableException">It was sealed with another master key.</exception>
    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public MailMessage Open(Guid id, byte[] body) => MailMessage.Read(secrets.Open(Encoding.UTF8.GetString(body), Place(id)));

    private static string Place(Guid id) => $"outbox/{id:N}/body";
}
