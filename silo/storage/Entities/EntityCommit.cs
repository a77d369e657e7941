using OrleansAuth.Entities;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.Entities;

/// <summary>What storing an entity or a grant means: state, names and rows in one commit.</summary>
public static class EntityCommit
{
    /// <summary>Stores an entity in place of <paramref name="before"/> (null: there was none).</summary>
    public static Commit PutEntity(this Commit commit, Entity? before, Entity after, byte[] body, long expectedVersion)
    {
        var id = after.Id!.Value;
        commit.Put(EntityKeys.State(id), expectedVersion, body, after.TenantId);
        var kept = EntityKeys.Claims(after);
        foreach (var claim in before is null ? [] : EntityKeys.Claims(before).Except(kept)) commit.Release(claim, EntityKeys.Owner(id));
        foreach (var claim in kept) commit.Claim(claim, EntityKeys.Owner(id), after.TenantId);
        return commit.Upsert(
            Tables.Entity,
            ("id", id),
            ("tenant_id", after.TenantId),
            ("type_id", after.Type?.Id),
            ("parent_id", after.ParentId),
            ("client_id", EntityKeys.NormaliseClientId(after.ClientId!)),
            ("name", after.Name),
            ("data_text", UserCommit.DataText(after.Data)),
            ("stamp", Guid.NewGuid()),
            ("insert_instant", after.InsertInstant),
            ("last_update_instant", after.LastUpdateInstant));
    }

    /// <summary>Removes an entity with the grants on it and those it holds.</summary>
    public static Commit RemoveEntity(this Commit commit, Entity entity, long version)
    {
        var id = entity.Id!.Value;
        commit.Remove(EntityKeys.State(id), version);
        foreach (var claim in EntityKeys.Claims(entity)) commit.Release(claim, EntityKeys.Owner(id));
        commit.Delete(Tables.Entity, ("id", id));
        commit.Delete(Tables.EntityGrant, ("entity_id", id)).Delete(Tables.EntityGrantPermission, ("entity_id", id));
        return commit.RemoveGrantsOf(new GrantRecipient(IsUser: false, id));
    }

    /// <summary>Takes away everything that a recipient was granted.</summary>
    public static Commit RemoveGrantsOf(this Commit commit, GrantRecipient recipient)
    {
        foreach (var table in (Table[])[Tables.EntityGrant, Tables.EntityGrantPermission])
            commit.Delete(table, ("recipient_id", recipient.Id), ("to_user", recipient.IsUser));
        return commit;
    }

    /// <summary>Stores a grant in place of the one that its recipient has.</summary>
    public static Commit PutGrant(this Commit commit, EntityGrantRow grant)
    {
        var (entity, recipient) = (grant.EntityId, grant.Recipient);
        commit.RemoveGrant(entity, recipient);
        commit.Upsert(
            Tables.EntityGrant,
            ("entity_id", entity), ("to_user", recipient.IsUser), ("recipient_id", recipient.Id), ("tenant_id", grant.TenantId), ("id", grant.Id),
            ("data", grant.Data), ("insert_instant", grant.InsertInstant), ("last_update_instant", grant.LastUpdateInstant));
        foreach (var permission in grant.PermissionIds)
        {
            commit.Upsert(
                Tables.EntityGrantPermission,
                ("entity_id", entity), ("to_user", recipient.IsUser), ("recipient_id", recipient.Id), ("permission_id", permission), ("tenant_id", grant.TenantId));
        }

        return commit;
    }

    /// <summary>Takes away what a recipient was granted on one entity.</summary>
    public static Commit RemoveGrant(this Commit commit, Guid entityId, GrantRecipient recipient)
    {
        foreach (var table in (Table[])[Tables.EntityGrant, Tables.EntityGrantPermission])
            commit.Delete(table, ("entity_id", entityId), ("to_user", recipient.IsUser), ("recipient_id", recipient.Id));
        return commit;
    }
}
