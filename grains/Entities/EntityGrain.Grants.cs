using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Entities;

internal sealed partial class EntityGrain
{
    public async Task<Outcome<EntityView>> Grant(GrantOnEntity command)
    {
        EntityGrantRow? granted = null;
        var outcome = await CommitGrant(command.Actor, async (entity, commit) =>
        {
            var errors = new Errors("grant");
            var type = configuration.Current.Find<EntityType>(entity.Type?.Id);
            if (GrantRules.Read((JsonObject)JsonNode.Parse(command.Grant.Utf8.Span)!, type, errors) is not var (grant, recipient, permissions)) return errors.Refusal;
            if (!await Exists(recipient)) return Unknown(recipient);
            var before = await new EntityGrants(store).Find(_entityId, recipient);
            granted = new EntityGrantRow(
                before?.Id ?? Guid.CreateVersion7(clock.UtcNow), _entityId, recipient, _tenantId, grant.Data?.GetRawText(), before?.InsertInstant ?? clock.Now, clock.Now, permissions);
            commit.PutGrant(granted);
            return $"The grants of {recipient} were set";
        });
        if (outcome.Refusal is not null || await Exists(granted!.Recipient)) return outcome;

        // The recipient was removed in the same moment, and with it the grants it had until then. This one came after.
        await Apply(new Commit().RemoveGrant(_entityId, granted.Recipient));
        return Unknown(granted.Recipient);
    }

    public Task<Outcome<EntityView>> Revoke(RevokeOnEntity command) => CommitGrant(command.Actor, async (_, commit) =>
    {
        if (await new EntityGrants(store).Find(_entityId, command.Recipient) is null) return Refusal.NotFound;
        commit.RemoveGrant(_entityId, command.Recipient);
        return $"The grants of {command.Recipient} were removed";
    });

    /// <summary>
    /// Commits a change of grants together with the entity's own row, so that none is made on an entity that is removed in the
    /// same moment.
    /// </summary>
    /// <param name="decide">Adds to the commit and answers what the audit log says.</param>
    private async Task<Outcome<EntityView>> CommitGrant(Actor actor, Func<Entity, Commit, Task<Outcome<string>>> decide)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_entity is not { } entity || configuration.Current.Find<Tenant>(_tenantId) is not { State: ObjectState.Active }) return Refusal.NotFound;
            var commit = new Commit();
            var decision = await decide(entity, commit);
            if (decision.Refusal is { } refusal) return refusal;
            commit.Put(EntityKeys.State(_entityId), _version, codec.Write(entity), _tenantId);
            audit.Append(commit, actor, $"{decision.Value} on entity [{entity.Name}] with Id [{_entityId}]", _tenantId);
            switch (await Apply(commit))
            {
                case CommitResult.Committed:
                    _version++;
                    return Done;
                case CommitResult.Conflict when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    private async Task<bool> Exists(GrantRecipient recipient)
    {
        if (!recipient.IsUser) return await Read(recipient.Id) is not null;
        return await store.Read(UserKeys.State(recipient.Id)) is { } state && StoredUser.Read(state.Body).TenantId == _tenantId;
    }

    private static Refusal Unknown(GrantRecipient recipient) => Refusal.Invalid(ContractError.At(
        recipient.IsUser ? "grant.userId" : "grant.recipientEntityId", "invalid", $"There is no {recipient} in the tenant of the entity."));
}
