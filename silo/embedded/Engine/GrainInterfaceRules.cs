using System.Reflection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// What a grain interface may look like. Orleans' compiler step refuses the rest when it builds; here the first use of the
/// interface does.
/// </summary>
internal static class GrainInterfaceRules
{
    /// <exception cref="ArgumentException">The interface breaks a rule; the message says which one and where.</exception>
    public static void Check(Type face)
    {
        if (!face.IsInterface || !typeof(IAddressable).IsAssignableFrom(face)) throw Broken(face, "is no grain interface; extend IGrainWithStringKey");
        if (!IsReachable(face)) throw Broken(face, "is nested and private or protected; make it public or internal");
        foreach (var method in face.GetInterfaces().Prepend(face).SelectMany(i => i.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)))
            Check(face, method);
    }

    private static void Check(Type face, MethodInfo method)
    {
        if (method.IsSpecialName) throw Broken(face, $"has {method.Name}, but a grain interface has no properties or events");
        if (!IsTask(method.ReturnType)) throw Broken(face, $"has {method.Name}, which returns {method.ReturnType.Name} instead of Task or ValueTask");
        if (method.GetParameters().Any(p => p.ParameterType.IsByRef)) throw Broken(face, $"has {method.Name} with a ref, in or out parameter");
    }

    private static bool IsTask(Type type) => type.IsGenericType
        ? type.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
        : type == typeof(Task) || type == typeof(ValueTask);

    private static bool IsReachable(Type type) =>
        type is { IsNestedPrivate: false, IsNestedFamily: false, IsNestedFamANDAssem: false }
        && (type.DeclaringType is null || IsReachable(type.DeclaringType));

    private static ArgumentException Broken(Type face, string rule) => new($"{face} {rule}.");
}
