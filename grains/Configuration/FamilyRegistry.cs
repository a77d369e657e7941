using System.Collections.Frozen;

namespace OrleansAuth.Configuration;

/// <summary>Finds the rules of a family. A family without rules stops the start.</summary>
internal sealed class FamilyRegistry
{
    private readonly FrozenDictionary<ConfigurationFamily, IFamilyRules> _rules;

    public FamilyRegistry(IEnumerable<IFamilyRules> rules)
    {
        _rules = rules.ToFrozenDictionary(r => r.Family);
        if (Families.All.FirstOrDefault(f => !_rules.ContainsKey(f)) is { } missing)
            throw new InvalidOperationException($"The configuration family {missing} has no rules; register them where the others are.");
    }

    public IFamilyRules RulesOf(ConfigurationFamily family) => _rules[family];
}
