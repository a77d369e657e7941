using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>How items of a list inside a configuration object are added, changed and removed.</summary>
/// <param name="root">What wraps an item in requests, such as <c>role</c>.</param>
internal abstract class ItemRules(string root)
{
    /// <summary>The most items of one list: every process keeps them all in memory.</summary>
    internal const int MostItems = 1_000;

    public string Root => root;

    /// <summary>The whole object with the item changed as the command says, or why not.</summary>
    public abstract Outcome<ConfigurationObject> Apply(ConfigurationObject owner, ChangeConfigurationItem command, RuleContext context);
}

/// <summary>The rules of a list whose items have an id and a name that is unique in the list.</summary>
internal abstract class ItemRules<TOwner, TItem>(string root) : ItemRules(root)
    where TOwner : ConfigurationObject
    where TItem : ContractObject
{
    protected abstract ImmutableArray<TItem> List(TOwner owner);

    protected abstract TOwner With(TOwner owner, ImmutableArray<TItem> items);

    protected abstract Guid Id(TItem item);

    protected abstract string? Name(TItem item);

    /// <summary>Sets what the server decides, such as the id of a new item.</summary>
    protected abstract TItem Complete(TItem next, TItem? current, Guid id, TOwner owner, RuleContext context);

    protected abstract void Check(TItem next, TItem? current, TOwner owner, RuleContext context, Errors errors);

    public override Outcome<ConfigurationObject> Apply(ConfigurationObject owner, ChangeConfigurationItem command, RuleContext context)
    {
        var items = List((TOwner)owner);
        var index = command.ItemId is { } id
            ? FindIndex(items, item => Id(item) == id)
            : FindIndex(items, item => string.Equals(Name(item), command.ItemName, StringComparison.OrdinalIgnoreCase));
        return command.Action switch
        {
            ItemAction.Remove => index < 0 ? Refusal.NotFound : With((TOwner)owner, items.RemoveAt(index)),
            ItemAction.Add when index >= 0 => Refusal.Invalid(ContractError.At($"{Root}.id", "duplicate", $"A {Root} with this Id already exists.")),
            ItemAction.Change when index < 0 => Refusal.NotFound,
            _ => Store((TOwner)owner, items, index, command, context),
        };
    }

    private Outcome<ConfigurationObject> Store(TOwner owner, ImmutableArray<TItem> items, int index, ChangeConfigurationItem command, RuleContext context)
    {
        var errors = new Errors(Root);
        var current = index < 0 ? null : items[index];
        JsonObject document;
        try
        {
            document = Patch.Apply(current is null ? [] : ContractJson.ToNode(current), command.Kind, command.Item!, Root);
        }
        catch (PatchException error)
        {
            return Refusal.Invalid(ContractError.General("[invalidPatch]", error.Message));
        }

        if (ContractReading.Read<TItem>(ContractJson.WithoutNulls(document), Root, errors) is not { } read) return errors.Refusal;
        var next = Complete(read, current, command.ItemId ?? Guid.CreateVersion7(), owner, context);
        Check(next, current, owner, context, errors);
        if (items.Where((_, i) => i != index).Any(other => string.Equals(Name(other), Name(next), StringComparison.OrdinalIgnoreCase)))
            errors.Add("name", "duplicate", $"A {Root} named [{Name(next)}] already exists.");
        if (index < 0 && items.Length >= MostItems)
            errors.AddGeneral($"[tooMany]{Root}", $"There may be at most {MostItems} of them.");
        if (errors.Any) return errors.Refusal;
        return With(owner, index < 0 ? items.Add(next) : items.SetItem(index, next));
    }

    private static int FindIndex(ImmutableArray<TItem> items, Predicate<TItem> match)
    {
        for (var i = 0; i < items.Length; i++)
            if (match(items[i])) return i;
        return -1;
    }
}
