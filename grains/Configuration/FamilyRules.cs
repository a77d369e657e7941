using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Configuration;

/// <summary>What rules may look at.</summary>
/// <param name="Snapshot">Everything else that is configured.</param>
/// <param name="TenantId">The tenant that the request resolved to.</param>
/// <param name="Now">Milliseconds since 1970.</param>
internal sealed record RuleContext(ConfigurationSnapshot Snapshot, Guid? TenantId, long Now, Actor Actor)
{
    /// <summary>The object that a new one is a copy of; null otherwise.</summary>
    public ConfigurationObject? Source { get; init; }
}

/// <summary>A name that nobody else may hold, and the member to blame when somebody does.</summary>
internal readonly record struct UniqueName(ClaimKey Claim, string Field);

/// <summary>What the shared mechanism asks about a family. Implemented by <see cref="FamilyRules{T}"/>.</summary>
internal interface IFamilyRules
{
    ConfigurationFamily Family { get; }

    /// <summary>False: a removal that is not hard only deactivates.</summary>
    bool RemovesAtOnce { get; }

    /// <summary>
    /// Adds to the request for a new object, which is no copy, what it has unless the request says otherwise. A member that was sent as
    /// null is there, and stays without a value.
    /// </summary>
    void Begin(JsonObject document);

    /// <summary>Reads an object from JSON and lets the rules complete it. Wrong shapes become errors.</summary>
    ConfigurationObject? Read(JsonObject document, ConfigurationObject? current, RuleContext context, Errors errors);

    /// <summary>Adds an error for everything that is wrong with the object.</summary>
    void Check(ConfigurationObject next, ConfigurationObject? current, RuleContext context, Errors errors);

    /// <summary>The names that the object holds as long as it exists.</summary>
    IEnumerable<UniqueName> Names(ConfigurationObject value);

    /// <summary>The object with another state of activity.</summary>
    ConfigurationObject Activate(ConfigurationObject value, bool active);

    /// <summary>Whether the object exists for the caller.</summary>
    bool Sees(ConfigurationObject value, RuleContext context);

    /// <summary>The object after an action of the family, or why not.</summary>
    Outcome<ConfigurationObject> Act(ConfigurationObject current, ActOnConfiguration command, RuleContext context);

    /// <summary>Why the object must stay, or null.</summary>
    Refusal? RefuseRemoval(ConfigurationObject current, RuleContext context);

    /// <summary>Why the object must stay, by what the store knows and no snapshot does, or null.</summary>
    Task<Refusal?> RefuseRemoval(ConfigurationObject current, IStoreReader store);

    /// <summary>Adds to the commit what changes together with the object; <paramref name="current"/> is null for a new one.</summary>
    void Storing(ConfigurationObject next, ConfigurationObject? current, Commit commit);

    /// <summary>Adds to the commit what leaves together with the object.</summary>
    void Removing(ConfigurationObject current, Commit commit);

    /// <summary>Adds the events that a change is; <paramref name="current"/> is null for a new object, <paramref name="next"/> for one that leaves.</summary>
    void Raise(ConfigurationObject? next, ConfigurationObject? current, RuleContext context, OperationEvents events);

    /// <summary>Paths of members that a copy does not take from its source, such as <c>roles.id</c> for every role's id.</summary>
    IReadOnlyCollection<string> NotCopied { get; }

    /// <summary>The rules of a list inside the object, or null.</summary>
    ItemRules? Items(string list);
}

/// <summary>
/// The rules of one family. The defaults suit an object with a name that only its tenant cares about; a family overrides
/// what is special about it.
/// </summary>
internal abstract class FamilyRules<T>(ConfigurationFamily family) : IFamilyRules where T : ConfigurationObject
{
    public ConfigurationFamily Family => family;

    public virtual bool RemovesAtOnce => true;

    public virtual IReadOnlyCollection<string> NotCopied => ["name"];

    public virtual void Begin(JsonObject document)
    {
    }

    /// <summary>Sets what the server decides: ids of parts, generated secrets, secrets that a replacement left out.</summary>
    protected virtual T Complete(T next, T? current, RuleContext context) => next;

    protected abstract void Check(T next, T? current, RuleContext context, Errors errors);

    protected virtual IEnumerable<UniqueName> Names(T value) => [];

    protected virtual T Activate(T value, bool active) => value;

    /// <summary>What lives in a tenant exists for those who act in that tenant.</summary>
    protected virtual bool Sees(T value, RuleContext context) =>
        context.TenantId is not { } tenant || value is not IInTenant { TenantId: var owner } || owner == tenant;

    /// <summary>A family without actions is asked for none.</summary>
    protected virtual Outcome<T> Act(T current, ActOnConfiguration command, RuleContext context) =>
        throw new NotSupportedException($"A {family} cannot be {command.Action}.");

    protected virtual Refusal? RefuseRemoval(T current, RuleContext context) => null;

    protected virtual Task<Refusal?> RefuseRemoval(T current, IStoreReader store) => Task.FromResult<Refusal?>(null);

    protected virtual void Storing(T next, T? current, Commit commit)
    {
    }

    protected virtual void Removing(T current, Commit commit)
    {
    }

    protected virtual void Raise(T? next, T? current, RuleContext context, OperationEvents events)
    {
    }

    public virtual ItemRules? Items(string list) => null;

    ConfigurationObject? IFamilyRules.Read(JsonObject document, ConfigurationObject? current, RuleContext context, Errors errors)
    {
        var value = ContractReading.Read<T>(document, family.Name, errors);
        return value is null ? null : Complete(value, (T?)current, context);
    }

    void IFamilyRules.Check(ConfigurationObject next, ConfigurationObject? current, RuleContext context, Errors errors)
    {
        errors.DataIsObject(next.Data);
        Check((T)next, (T?)current, context, errors);
    }

    IEnumerable<UniqueName> IFamilyRules.Names(ConfigurationObject value) => Names((T)value);

    ConfigurationObject IFamilyRules.Activate(ConfigurationObject value, bool active) => Activate((T)value, active);

    bool IFamilyRules.Sees(ConfigurationObject value, RuleContext context) => Sees((T)value, context);

    Outcome<ConfigurationObject> IFamilyRules.Act(ConfigurationObject current, ActOnConfiguration command, RuleContext context) =>
        Act((T)current, command, context).Then(next => (ConfigurationObject)next);

    Refusal? IFamilyRules.RefuseRemoval(ConfigurationObject current, RuleContext context) => RefuseRemoval((T)current, context);

    Task<Refusal?> IFamilyRules.RefuseRemoval(ConfigurationObject current, IStoreReader store) => RefuseRemoval((T)current, store);

    void IFamilyRules.Storing(ConfigurationObject next, ConfigurationObject? current, Commit commit) => Storing((T)next, (T?)current, commit);

    void IFamilyRules.Removing(ConfigurationObject current, Commit commit) => Removing((T)current, commit);

    void IFamilyRules.Raise(ConfigurationObject? next, ConfigurationObject? current, RuleContext context, OperationEvents events) => Raise((T?)next, (T?)current, context, events);

    /// <summary>A name claimed within the family and a tenant, ignoring case.</summary>
    protected UniqueName Name(string name, Guid? tenantId) =>
        new(new ClaimKey($"{family.Name}-name/{tenantId?.ToString("N") ?? "all"}", name.Trim().ToUpperInvariant()), "name");
}
