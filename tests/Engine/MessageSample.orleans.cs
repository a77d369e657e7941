using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace OrleansAuth.Engine;

/// <summary>
/// A message of any type with something in every property, and its content as text. Goes by what <see cref="MessageRules"/>
/// allows to travel; a new kind of leaf has to be told here how it is filled.
/// </summary>
internal static class MessageSample
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
    private static readonly DateTimeOffset Instant = new(2026, 11, 1, 12, 0, 0, 1, TimeSpan.FromHours(2));

    public static object Of(Type type) => Leaf(type) ?? (type.IsGenericType ? Container(type) : null) ?? Record(type);

    /// <summary>Every stored property with its value, into whatever it holds.</summary>
    public static string Describe(object? value)
    {
        switch (value)
        {
            case null: return "null";
            case string text: return $"\"{text}\"";
            case ReadOnlyMemory<byte> bytes: return Convert.ToHexString(bytes.Span);
            case IDictionary map: return $"{{{string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Describe(k)}: {Describe(map[k])}"))}}}";
            case IEnumerable items: return $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]";
            case IFormattable leaf: return leaf is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : leaf.ToString(null, CultureInfo.InvariantCulture);
        }

        var stored = Stored(value.GetType()).ToArray();
        if (stored.Length == 0) return value.ToString()!;
        var description = new StringBuilder(value.GetType().Name).Append(" (");
        foreach (var property in stored) description.Append(property.Name).Append(" = ").Append(Describe(property.GetValue(value))).Append("; ");
        return description.Append(')').ToString();
    }

    private static object? Leaf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type == typeof(string)) return "grüße";
        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return Guid.NewGuid();
        if (type == typeof(DateTimeOffset)) return Instant;
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(1.5);
        if (type == typeof(Uri)) return new Uri("https://example.com/a?b=c");
        if (type == typeof(ReadOnlyMemory<byte>)) return new ReadOnlyMemory<byte>([1, 2, 3]);
        return type.IsPrimitive || type == typeof(decimal) ? Convert.ChangeType(7, type, CultureInfo.InvariantCulture) : null;
    }

    private static object? Container(Type type)
    {
        var makers = typeof(MessageSample).GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Where(m => m.IsGenericMethodDefinition);
        var maker = makers.FirstOrDefault(m => m.ReturnType.GetGenericTypeDefinition() == type.GetGenericTypeDefinition());
        return maker?.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, null);
    }

    private static ImmutableArray<T> Items<T>() => [(T)Of(typeof(T)), (T)Of(typeof(T))];

    private static ImmutableList<T> List<T>() => [(T)Of(typeof(T))];

    private static ImmutableHashSet<T> Set<T>() => [(T)Of(typeof(T))];

    private static ImmutableDictionary<TKey, TValue> Map<TKey, TValue>() where TKey : notnull =>
        ImmutableDictionary<TKey, TValue>.Empty.Add((TKey)Of(typeof(TKey)), (TValue)Of(typeof(TValue)));

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors(Any)
            .Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .OrderByDescending(c => c.GetParameters().Length).First();
        var value = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType))]);
        foreach (var property in Stored(type).Where(p => p.SetMethod is not null)) property.SetValue(value, Of(property.PropertyType));
        return value;
    }

    private static IEnumerable<PropertyInfo> Stored(Type type) => type.GetProperties(Any)
        .Where(p => type.GetField($"<{p.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
}
