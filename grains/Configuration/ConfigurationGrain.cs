using System.Text.Json.Nodes;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Configuration;

/// <summary>
/// Loads one object, applies a change to it by the family's rules, and commits state, names and audit together. The store
/// decides races: a refused commit is tried once more on what is stored now.
/// </summary>
[GrainType("configuration")]
internal sealed class ConfigurationGrain(IStore store, ConfigurationReader configuration, ConfigurationCodec codec, FamilyRegistry registry, EventSource events, AuditLog audit, Clock clock)
    : Grain, IConfigurationGrain
{
    private IFamilyRules _rules = null!;
    private Guid _id;
    private StateKey _key;
    private long _version;
    private ConfigurationObject? _current;

    private ConfigurationFamily Family => _rules.Family;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (var family, _id) = ConfigurationGrainKeys.ReadKey(this.GetPrimaryKeyString());
        _rules = registry.RulesOf(family);
        _key = ConfigurationCodec.Key(family, _id);
        return Load();
    }

    public Task<Outcome<ConfigurationView>> Create(CreateConfiguration command) => Commit(command.Actor, command.TenantId, "created", context =>
    {
        if (_current is not null) return Refusal.Invalid(ContractError.At($"{Family.Name}.id", "duplicate", $"A {Family.Name} with this Id already exists."));
        var document = (JsonObject)JsonNode.Parse(command.Object.Utf8.Span)!;
        if (command.SourceId is { } sourceId)
        {
            if (context.Snapshot.Find(Family, sourceId) is not { } source) return Refusal.NotFound;
            if (command.TenantId is { } tenant && source is IInTenant { TenantId: var owner } && owner != tenant) return Refusal.NotFound;
            document = OverSource(source, document);
            context = context with { Source = source };
        }
        else
        {
            _rules.Begin(document);
        }

        return Accept(document, null, context);
    });

    public Task<Outcome<ConfigurationView>> Change(ChangeConfiguration command) => Commit(command.Actor, command.TenantId, "updated", context =>
    {
        if (Visible(context) is not { } current) return Refusal.NotFound;
        if (RefuseBuiltIn() is { } refusal) return refusal;
        if (command.Kind == ChangeKind.Reactivate) return Touch(_rules.Activate(current, active: true), context);
        try
        {
            return Accept(Patch.Apply(Family.Shown(current), command.Kind, command.Change, Family.Name), current, context);
        }
        catch (PatchException error)
        {
            return Refusal.Invalid(ContractError.General("[invalidPatch]", error.Message));
        }
    });

    public Task<Outcome<ConfigurationView>> ChangeItem(ChangeConfigurationItem command) => Commit(command.Actor, command.TenantId, "updated", context =>
    {
        if (Visible(context) is not { } current) return Refusal.NotFound;
        if (RefuseBuiltIn() is { } builtIn) return builtIn;
        var changed = _rules.Items(command.List)!.Apply(current, command, context);
        return changed.Refusal is { } refusal ? refusal : Touch(changed.Value!, context);
    });

    public Task<Outcome<ConfigurationView>> Act(ActOnConfiguration command) => Commit(command.Actor, command.TenantId, command.Action, context =>
    {
        if (Visible(context) is not { } current) return Refusal.NotFound;
        if (RefuseBuiltIn() is { } builtIn) return builtIn;
        var changed = _rules.Act(current, command, context);
        return changed.Refusal is { } refusal ? refusal : Touch(changed.Value!, context);
    });

    public async Task<Outcome<ConfigurationView>> Remove(RemoveConfiguration command)
    {
        if (Visible(new RuleContext(configuration.Current, command.TenantId, clock.Now, command.Actor)) is { } used && await _rules.RefuseRemoval(used, store) is { } stays) return stays;
        return await Commit(command.Actor, command.TenantId, command.Hard ? "deleted" : "deactivated", context =>
        {
            if (Visible(context) is not { } current) return Refusal.NotFound;
            if ((RefuseBuiltIn() ?? _rules.RefuseRemoval(current, context)) is { } refusal) return refusal;
            return command.Hard || _rules.RemovesAtOnce ? new Outcome<ConfigurationObject>() : Touch(_rules.Activate(current, active: false), context);
        });
    }

    /// <summary>The object, if the caller may see it.</summary>
    private ConfigurationObject? Visible(RuleContext context) => _current is not null && _rules.Sees(_current, context) ? _current : null;

    private Refusal? RefuseBuiltIn() => !Family.BuiltInChanges && Family.BuiltIn.Any(value => value.Id == _id)
        ? Refusal.Invalid(ContractError.General($"[readOnly]{Family.Name}", $"This {Family.Name} comes with the server and cannot be changed or removed."))
        : null;

    private JsonObject OverSource(ConfigurationObject source, JsonObject document)
    {
        // What is never shown is not copied blindly: the rules decide, as they do for a replacement that leaves it out.
        var copy = Family.Shown(source);
        foreach (var path in (string[])["id", "insertInstant", "lastUpdateInstant", .. _rules.NotCopied]) Drop(copy, path.Split('.'));
        return Patch.Apply(copy, ChangeKind.MergePatch, JsonText.From(document), Family.Name);
    }

    private static void Drop(JsonNode? holder, ReadOnlySpan<string> path)
    {
        if (holder is JsonArray list)
            foreach (var item in list) Drop(item, path);
        else if (holder is JsonObject document && path.Length > 1)
            Drop(document[path[0]], path[1..]);
        else
            (holder as JsonObject)?.Remove(path[0]);
    }

    private Outcome<ConfigurationObject> Accept(JsonObject document, ConfigurationObject? current, RuleContext context)
    {
        var errors = new Errors(Family.Name);
        ContractJson.WithoutNulls(document);
        document["id"] = _id;
        document["insertInstant"] = current?.InsertInstant ?? context.Now;
        document["lastUpdateInstant"] = context.Now;
        if (typeof(IInTenant).IsAssignableFrom(Family.Type))
            document["tenantId"] = (current as IInTenant)?.TenantId ?? context.TenantId;
        if (_rules.Read(document, current, context, errors) is not { } next) return errors.Refusal;
        _rules.Check(next, current, context, errors);
        var builtIn = Family.BuiltIn.SelectMany(_rules.Names).Select(name => name.Claim).ToHashSet();
        if (!errors.Any && _rules.Names(next).Select(name => name.Claim).FirstOrDefault(builtIn.Contains) is { Scope: not null } taken) return Taken(next, taken);
        return errors.Any ? errors.Refusal : next;
    }

    private static ConfigurationObject Touch(ConfigurationObject value, RuleContext context) => value with { LastUpdateInstant = context.Now };

    /// <summary>Decides on the state as stored, asks who may prevent it, commits, and once more if somebody else was faster. A value of null removes the object.</summary>
    private async Task<Outcome<ConfigurationView>> Commit(Actor actor, Guid? tenantId, string verb, Func<RuleContext, Outcome<ConfigurationObject>> decide)
    {
        for (var attempt = 0; ; attempt++)
        {
            var context = new RuleContext(configuration.Current, tenantId, clock.Now, actor);
            var decision = decide(context);
            if (decision.Refusal is { } refusal) return refusal;
            var raised = events.Begin(EventTenantOf((decision.Value ?? _current)!), _id, actor.Info);
            _rules.Raise(decision.Value, _current, context, raised);
            switch (await Apply(decision.Value, actor, verb, raised))
            {
                case CommitResult.Committed committed:
                    return new ConfigurationView(JsonText.From<object>(decision.Value ?? new object()), committed.ConfigurationVersion);
                case CommitResult.Vetoed vetoed:
                    return vetoed.Why;
                case CommitResult.Duplicate duplicate:
                    return Taken(decision.Value!, duplicate.Claim);
                case CommitResult.Conflict when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    private async Task<CommitResult> Apply(ConfigurationObject? next, Actor actor, string verb, OperationEvents raised)
    {
        var commit = new Commit().AnnounceConfiguration();
        var kept = next is null ? [] : _rules.Names(next).Select(n => n.Claim).ToHashSet();
        foreach (var name in _current is null ? [] : _rules.Names(_current).Where(n => !kept.Contains(n.Claim)))
            commit.Release(name.Claim, _key.ToString());
        foreach (var claim in kept) commit.Claim(claim, _key.ToString(), TenantOf(next!));
        if (next is null)
        {
            commit.Remove(_key, _version);
            _rules.Removing(_current!, commit);
        }
        else
        {
            commit.Put(_key, _version, codec.Write(Family, next), TenantOf(next));
            _rules.Storing(next, _current, commit);
        }

        audit.Append(commit, actor, Family, _current, next, verb);
        try
        {
            var result = await raised.Apply(commit);
            if (result is CommitResult.Committed) (_current, _version) = (next, next is null ? 0 : _version + 1);
            return result;
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on.
            DeactivateOnIdle();
            throw;
        }
    }

    private Refusal Taken(ConfigurationObject value, ClaimKey claim)
    {
        var name = _rules.Names(value).First(n => n.Claim == claim);
        return Refusal.Invalid(ContractError.At($"{Family.Name}.{name.Field}", "duplicate", $"A {Family.Name} with this [{name.Field}] already exists."));
    }

    private static Guid? TenantOf(ConfigurationObject value) => value is IInTenant { TenantId: { } tenant } ? tenant : null;

    /// <summary>The tenant that sends the events of an object.</summary>
    private static Guid? EventTenantOf(ConfigurationObject value) => value is Tenant tenant ? tenant.Id : TenantOf(value);

    private async Task Load()
    {
        var stored = await store.Read(_key);
        _version = stored?.Version ?? 0;
        _current = stored is null ? Family.BuiltIn.FirstOrDefault(value => value.Id == _id) : codec.Read(Family, _key, stored.Body);
    }
}
