using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Messages;

/// <summary>
/// Puts messages to phones into the commit of what causes them: they are sent if that holds, and never otherwise. They are stored
/// sealed, since they hold codes that let people in.
/// </summary>
internal sealed class MessageOutbox(SecretBox secrets, Clock clock)
{
    /// <summary>The name of the queue.</summary>
    public const string QueueName = "message";

    /// <summary>Messages do not wait for each other: a code that cannot be sent must not hold up the next one.</summary>
    public void Add(Commit commit, Guid tenantId, PhoneMessage message)
    {
        var id = Guid.CreateVersion7(clock.UtcNow);
        commit.Queue(new OutboxEntry(id, QueueName, $"{tenantId:N}/{id:N}", tenantId, Encoding.UTF8.GetBytes(secrets.Seal(message.Write(), Place(id)))), clock.Now);
    }

    /// <exception cref="StoreUnavailableException">It was sealed with another master key.</exception>
    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public PhoneMessage Open(Guid id, byte[] body) => PhoneMessage.Read(secrets.Open(Encoding.UTF8.GetString(body), Place(id)));

    private static string Place(Guid id) => $"outbox/{id:N}/body";
}
