using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansAuth.Engine;

/// <summary>
/// What may travel between grains, checked without either engine: immutable records, so that handing over a reference in
/// one process and copying between two mean the same, with names and numbers that outlive a rename. The engines
/// themselves notice most violations late (a second silo, yesterday's stored state) or never.
/// </summary>
internal sealed class MessageRules
{
    private static readonly ImmutableHashSet<Type> Leaves =
    [
        typeof(string), typeof(Guid), typeof(DateTimeOffset), typeof(TimeSpan), typeof(decimal), typeof(Uri),
        typeof(CancellationToken), typeof(ReadOnlyMemory<byte>),
    ];

    private static readonly ImmutableHashSet<Type> Containers =
    [
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableList<>),
    ];

    private readonly List<string> _violations = [];

    /// <summary>Every broken rule of the given types, as a sentence each; empty if all is well.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<Type> types)
    {
        var (rules, all) = (new MessageRules(), types.ToArray());
        foreach (var message in all.Where(IsMessage)) rules.CheckMessage(message);
        foreach (var face in all.Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t))) rules.CheckInterface(face);
        rules.CheckUnique(all.Where(IsMessage).Concat(all.Where(t => t.IsInterface)).Select(t => (t.ToString(), AliasOf(t))));
        return rules._violations;
    }

    private static bool IsMessage(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !type.IsEnum;

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private void CheckMessage(Type type)
    {
        if (!type.IsDefined(typeof(ImmutableAttribute), inherit: false)) Broken(type, "lacks [Immutable]");
        if (AliasOf(type) is null) Broken(type, "lacks [Alias]");
        if (!type.IsSealed || !IsRecord(type)) Broken(type, "is not a sealed record");
        if (type.IsNestedPrivate || type.IsNestedFamily) Broken(type, "is nested and private, where the serializer cannot reach it");
        var parameters = PrimaryConstructorParameters(type);
        var ids = new HashSet<uint>();
        foreach (var property in StoredProperties(type))
        {
            if (HasSetter(property)) Broken(type, $"can be changed through {property.Name}; make it init-only");
            if (property.GetCustomAttribute<IdAttribute>() is not { } id)
            {
                if (!parameters.Contains(property.Name)) Broken(type, $"has {property.Name} without [Id]");
            }
            else if (!ids.Add(id.Id))
            {
                Broken(type, $"gives the [Id] {id.Id} of {property.Name} twice");
            }

            CheckTravels(property.PropertyType, $"{type}.{property.Name}");
        }

        foreach (var field in Fields(type)) Broken(type, $"has the field {field.Name}; use a property");
    }

    private void CheckInterface(Type face)
    {
        if (AliasOf(face) is null) Broken(face, "lacks [Alias]");
        var methods = face.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
        foreach (var method in methods)
        {
            if (AliasOf(method) is null) Broken(face, $"has {method.Name} without [Alias]");
            if (method.IsSpecialName) Broken(face, $"has {method.Name}, but grain interfaces have no properties or events");
            foreach (var parameter in method.GetParameters()) CheckTravels(parameter.ParameterType, $"{face}.{method.Name}({parameter.Name})");
            CheckReturn(face, method);
        }

        CheckUnique(methods.Select(m => ($"{face}.{m.Name}", AliasOf(m))));
    }

    private void CheckReturn(Type face, MethodInfo method)
    {
        var returns = method.ReturnType;
        if (returns == typeof(Task) || returns == typeof(ValueTask)) return;
        var definition = returns.IsGenericType ? returns.GetGenericTypeDefinition() : null;
        if (definition == typeof(Task<>) || definition == typeof(ValueTask<>)) CheckTravels(returns.GenericTypeArguments[0], $"{face}.{method.Name}");
        else Broken(face, $"has {method.Name}, which returns {returns.Name} instead of Task or ValueTask");
    }

    /// <summary>A message is judged where it is declared; here only its type arguments are.</summary>
    private void CheckTravels(Type type, string where)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsGenericParameter || Leaves.Contains(type)) return;
        var isContainer = type.IsGenericType && Containers.Contains(type.GetGenericTypeDefinition());
        if (!isContainer && !IsMessage(type)) _violations.Add($"{where} is of type {type}, which is neither a message nor an allowed leaf.");
        else foreach (var argument in type.GenericTypeArguments) CheckTravels(argument, where);
    }

    private void CheckUnique(IEnumerable<(string Name, string? Alias)> aliases)
    {
        foreach (var group in aliases.Where(a => a.Alias is not null).GroupBy(a => a.Alias).Where(g => g.Count() > 1))
            _violations.Add($"The alias '{group.Key}' is used by {string.Join(" and ", group.Select(a => a.Name))}.");
    }

    private void Broken(Type type, string rule) => _violations.Add($"{type} {rule}.");

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null
        || (type.IsValueType && type.IsDefined(typeof(IsReadOnlyAttribute)) && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    /// <summary>The copy constructor of a record does not count; its one parameter is the record itself.</summary>
    private static HashSet<string?> PrimaryConstructorParameters(Type type) => type
        .GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .SelectMany(c => c.GetParameters()).Where(p => p.ParameterType != type).Select(p => p.Name).ToHashSet();

    /// <summary>Properties that hold something; computed ones do not travel.</summary>
    private static IEnumerable<PropertyInfo> StoredProperties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(p => type.GetField($"<{p.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null);

    private static IEnumerable<FieldInfo> Fields(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(f => !f.Name.EndsWith(">k__BackingField", StringComparison.Ordinal));

    private static bool HasSetter(PropertyInfo property) => property.SetMethod is { } set
        && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
}
