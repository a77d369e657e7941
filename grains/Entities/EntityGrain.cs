using System.Text.Json.Nodes;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Tenants;

namespace OrleansAuth.Entities;

/// <summary>
/// Loads one entity, applies what happens to it by the rules, and commits state, names, rows and audit together. The store
/// decides races: a refused commit is tried once more on what is stored now.
/// </summary>
[GrainType("entity")]
internal sealed partial class EntityGrain(IStore store, ConfigurationReader configuration, EntityCodec codec, EventSource events, AuditLog audit, Clock clock) : Grain, IEntityGrain
{
    private Guid _tenantId;
    private Guid _entityId;

    /// <summary>Null where there is no such entity in the tenant of the key.</summary>
    private Entity? _entity;

    /// <summary>Of the state row; also above 0 where the id belongs to an entity of another tenant.</summary>
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenantId, _entityId) = EntityGrainKeys.ReadKey(this.GetPrimaryKeyString());
        return Load();
    }

    public async Task<Outcome<EntityView>> Create(CreateEntity command)
    {
        // The removal of a tenant takes entities out of the store behind their grains, and their ids are free again.
        if (_version > 0) await Load();
        return await Commit(command.Actor, "created", async () =>
        {
            if (_version > 0) return Refusal.Invalid(ContractError.At("entity.id", "duplicate", "An entity with this Id already exists."));
            return await Accept((JsonObject)JsonNode.Parse(command.Entity.Utf8.Span)!);
        });
    }

    public Task<Outcome<EntityView>> Change(ChangeEntity command) => Commit(command.Actor, "updated", async () =>
    {
        if (_entity is not { } current) return Refusal.NotFound;
        try
        {
            return await Accept(Patch.Apply(ContractJson.ToNode(current), command.Kind, command.Change, "entity"));
        }
        catch (PatchException error)
        {
            return Refusal.Invalid(ContractError.General("[invalidPatch]", error.Message));
        }
    });

    public Task<Outcome<EntityView>> Remove(RemoveEntity command) => Commit(command.Actor, "deleted", async () =>
    {
        if (_entity is null) return Refusal.NotFound;
        return await EntityQueries.AnyChild(store, _entityId)
            ? Refusal.Invalid(ContractError.General("[inUse]entity", "The entity is the parent of others. Delete them first, or give them another parent."))
            : new Outcome<Entity>();
    });

    private async Task<Outcome<Entity>> Accept(JsonObject document)
    {
        var errors = new Errors("entity");
        var next = EntityRules.Read(document, _entityId, _tenantId, _entity, configuration.Current, clock.Now, errors);
        if (next is null) return errors.Refusal;
        if (next.ParentId is { } parent && parent != _entity?.ParentId) await CheckParent(parent, errors);
        return errors.Any ? errors.Refusal : next;
    }

    /// <summary>The parent exists in the tenant, and going up from it never leads back here.</summary>
    private async Task CheckParent(Guid parentId, Errors errors)
    {
        const int Deepest = 32;
        Guid? next = parentId;
        for (var level = 0; next is { } id; level++)
        {
            var ancestor = await Read(id);
            if (ancestor is null && level == 0) errors.Add("parentId", "invalid", $"There is no entity with the Id [{id}] in this tenant.");
            if (id == _entityId) errors.Add("parentId", "invalid", "The entity would be among its own ancestors.");
            if (level == Deepest) errors.Add("parentId", "tooDeep", $"An entity may have at most {Deepest} ancestors.");
            if (errors.Any) return;
            next = ancestor?.ParentId;
        }
    }

    private async Task<Entity?> Read(Guid id) =>
        await store.Read(EntityKeys.State(id)) is { } state && codec.Read(id, state.Body) is var read && read.TenantId == _tenantId ? read : null;

    /// <summary>Decides on the entity as stored, asks who may prevent it, commits, and decides once more if somebody else was faster. A value of null removes the entity.</summary>
    private async Task<Outcome<EntityView>> Commit(Actor actor, string verb, Func<Task<Outcome<Entity>>> decide)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (configuration.Current.Find<Tenant>(_tenantId) is not { State: ObjectState.Active }) return Refusal.NotFound;
            var decision = await decide();
            if (decision.Refusal is { } refusal) return refusal;
            var next = decision.Value;
            var raised = Raise(actor, next);
            var commit = new Commit();
            if (next is null) commit.RemoveEntity(_entity!, _version);
            else commit.PutEntity(_entity, next, codec.Write(next), _version);
            audit.Append(commit, actor, $"Entity [{(next ?? _entity)!.Name}] with Id [{_entityId}] was {verb}", _tenantId);
            switch (await Apply(commit, raised))
            {
                case CommitResult.Committed:
                    (_entity, _version) = (next, next is null ? 0 : _version + 1);
                    return next is null ? Done : new EntityView(JsonText.From(EntityDisplay.Show(next, configuration.Current, withSecret: true)));
                case CommitResult.Vetoed vetoed:
                    return vetoed.Why;
                case CommitResult.Duplicate duplicate:
                    return Taken(next!, duplicate.Claim);
                case CommitResult.Conflict when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    /// <summary>The events that a change is. They never show the entity's secret.</summary>
    private OperationEvents Raise(Actor actor, Entity? next)
    {
        var (current, snapshot) = (_entity, configuration.Current);
        var type = current is null ? EventTypes.EntityCreate : next is null ? EventTypes.EntityDelete : EventTypes.EntityUpdate;
        return events.Begin(_tenantId, _entityId, actor.Info).Add(type, Members).Add(EventTypes.CompleteOf(type), Members);

        JsonObject Members()
        {
            var members = new JsonObject { ["entity"] = EntityDisplay.Show((next ?? current)!, snapshot, withSecret: false) };
            if (type == EventTypes.EntityUpdate) members["original"] = EntityDisplay.Show(current!, snapshot, withSecret: false);
            return members;
        }
    }

    private static EntityView Done => new(JsonText.From(new JsonObject()));

    private async Task<CommitResult> Apply(Commit commit, OperationEvents? raised = null)
    {
        try
        {
            return raised is null ? await store.Apply(commit) : await raised.Apply(commit);
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>The member to blame for a name that an application or another entity holds.</summary>
    private static Refusal Taken(Entity entity, ClaimKey claim)
    {
        var field = claim.Name == EntityKeys.NormaliseClientId(entity.ClientId!) ? "clientId" : "id";
        return Refusal.Invalid(ContractError.At($"entity.{field}", "duplicate", $"Another entity or an application is known by this [{field}] already."));
    }

    private async Task Load()
    {
        var stored = await store.Read(EntityKeys.State(_entityId));
        _version = stored?.Version ?? 0;
        _entity = stored is null || codec.Read(_entityId, stored.Body) is not { } entity || entity.TenantId != _tenantId ? null : entity;
    }
}
