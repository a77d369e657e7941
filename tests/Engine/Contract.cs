using System.Reflection;
using Orleans.CodeGeneration;

namespace OrleansAuth.Engine;

/// <summary>
/// What silos of two versions say to each other, as text: each grain interface with its version and methods, each message with its members.
/// <c>contracts.txt</c> is what the version before says; during an upgrade both are in the cluster.
/// </summary>
internal sealed record Contract(string Kind, string Alias, int Version, IReadOnlyList<string> Parts)
{
    private const string Grain = "grain";
    private const string Message = "message";

    public override string ToString() => string.Join('\n', Parts.Select(p => $"  {p}").Prepend(Kind == Grain ? $"{Kind} {Alias} {Version}" : $"{Kind} {Alias}"));

    public static IReadOnlyList<Contract> Of(IEnumerable<Type> types)
    {
        var all = types.ToArray();
        var grains = all.Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t)).Select(t => new Contract(
            Grain, AliasOf(t), t.GetCustomAttribute<VersionAttribute>()?.Version ?? 0, [.. t.GetMethods().Select(Signature).Order(StringComparer.Ordinal)]));
        var messages = all.Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !t.IsEnum).Select(t => new Contract(Message, AliasOf(t), 0, Members(t)));
        return [.. grains.Concat(messages).OrderBy(c => c.Kind, StringComparer.Ordinal).ThenBy(c => c.Alias, StringComparer.Ordinal)];
    }

    public static IReadOnlyList<Contract> Read(string text)
    {
        var contracts = new List<Contract>();
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] == ' ') contracts[^1] = contracts[^1] with { Parts = [.. contracts[^1].Parts, line.Trim()] };
            else contracts.Add(line.Split(' ') is [var kind, var alias, .. var version] ? new Contract(kind, alias, version is [var number] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 0, []) : throw new FormatException(line));
        }

        return contracts;
    }

    /// <summary>What has to be done before silos of both can be in one cluster, a sentence each; nothing where they are alike.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<Contract> before, IReadOnlyList<Contract> now)
    {
        foreach (var contract in now)
        {
            var old = before.FirstOrDefault(b => b.Kind == contract.Kind && b.Alias == contract.Alias);
            if (old is null) yield return $"New; write into contracts.txt:\n{contract}";
            else if (old.Version == contract.Version && old.Parts.SequenceEqual(contract.Parts)) continue;
            else if (old.Parts.Except(contract.Parts).ToArray() is { Length: > 0 } gone && contract.Kind == Message)
                yield return $"{contract.Alias} changes or loses '{string.Join("', '", gone)}', which silos of the version before still send: append members with the next [Id], or make a message of another alias.";
            else if (contract.Kind == Grain && contract.Version <= old.Version) yield return $"{contract.Alias} changed: give it [Version({old.Version + 1})], and write it into contracts.txt.";
            else yield return $"Changed; write into contracts.txt:\n{contract}";
        }

        foreach (var old in before.Where(b => !now.Any(n => n.Kind == b.Kind && n.Alias == b.Alias)))
            yield return $"{old.Kind} {old.Alias} is gone: take it out of contracts.txt if no silo of the version before calls it or sends it.";
    }

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? member.Name;

    private static string Signature(MethodInfo method) =>
        $"{AliasOf(method)}({string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)))}) {NameOf(method.ReturnType)}";

    /// <summary>Members of the primary constructor are numbered by their place, others by their [Id].</summary>
    private static string[] Members(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(p => type.GetField($"<{p.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null).ToArray();
        var numbered = properties.Select(p => (Property: p, p.GetCustomAttribute<IdAttribute>()?.Id)).ToArray();
        return
        [
            .. numbered.Where(p => p.Id is null).Select((p, i) => $"#{i} {p.Property.Name} {NameOf(p.Property.PropertyType)}"),
            .. numbered.Where(p => p.Id is not null).OrderBy(p => p.Id).Select(p => $"[{p.Id}] {p.Property.Name} {NameOf(p.Property.PropertyType)}"),
        ];
    }

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericParameter: true } => type.Name,
        _ => (type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? type.Name.Split('`')[0])
            + (type.IsGenericType ? $"<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>" : ""),
    };
}
