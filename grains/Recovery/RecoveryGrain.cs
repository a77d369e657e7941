using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Recovery;

/// <summary>One commit for every wish, whatever was typed; <see cref="RecoveryQueue"/> does the rest.</summary>
[GrainType("recovery"), StatelessWorker]
internal sealed class RecoveryGrain(IStore store, SecretBox secrets, Clock clock) : Grain, IRecoveryGrain
{
    public async Task Ask(AskForRecovery command)
    {
        var tenantId = RecoveryGrainKeys.ReadKey(this.GetPrimaryKeyString());
        var id = Guid.CreateVersion7(clock.UtcNow);
        var wish = new RecoveryWish(command.LoginId, command.LoginIdTypes, command.ApplicationId, command.State?.Read<JsonElement>(), command.LinkOrigin, command.Actor.IpAddress) { Info = command.Actor.Info };
        var subject = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenantId:N}/{command.LoginId}")));
        await store.Apply(new Commit().Queue(new OutboxEntry(id, RecoveryWish.QueueName, subject, tenantId, wish.Seal(secrets, id)), clock.Now));
    }
}
