using System.Collections.Immutable;

namespace OrleansAuth.Webhooks;

/// <summary>The types of events, as the contract spells them.</summary>
public static class EventTypes
{
    /// <summary>Events that receivers can veto, if the tenant gives them a transaction type.</summary>
    public static readonly ImmutableSortedSet<string> Transactional = ImmutableSortedSet.Create(StringComparer.Ordinal,
    [
        "jwt.public-key.update", "jwt.refresh-token.revoke", "jwt.refresh", "group.create", "group.delete", "group.member.add",
        "group.member.remove", "group.member.update", "group.update", "user.action", "user.bulk.create", "user.create", "user.deactivate",
        "user.delete", "user.email.verified", "user.login.failed", "user.login.new-device", "user.login.success", "user.login.suspicious",
        "user.password.breach", "user.reactivate", "user.registration.create", "user.registration.delete", "user.registration.update",
        "user.registration.verified", "user.update", "user.identity.verified", "user.identity.update", "entity.create", "entity.delete",
        "entity.update",
    ]);

    /// <summary>Events that tell what has happened; no receiver can prevent them.</summary>
    public static readonly ImmutableSortedSet<string> Informational = ImmutableSortedSet.Create(StringComparer.Ordinal,
    [
        "audit-log.create", "event-log.create", "kickstart.success", "group.create.complete", "group.delete.complete", "group.member.add.complete",
        "group.member.remove.complete", "group.member.update.complete", "group.update.complete", "user.create.complete", "user.delete.complete",
        "user.email.update", "user.identity-provider.link", "user.identity-provider.unlink", "user.loginId.duplicate.create",
        "user.loginId.duplicate.update", "user.two-factor.challenge", "user.password.reset.send", "user.password.reset.start",
        "user.password.reset.success", "user.password.update", "user.registration.create.complete", "user.registration.delete.complete",
        "user.registration.update.complete", "user.two-factor.method.add", "user.two-factor.method.remove", "user.update.complete",
        "user.two-factor.failed-attempt", "user.two-factor.success", "entity.create.complete", "entity.delete.complete", "entity.update.complete",
    ]);

    /// <summary>All of them.</summary>
    public static readonly ImmutableSortedSet<string> All = Transactional.Union(Informational);
}
