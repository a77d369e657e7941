using Orleans.Runtime;

namespace Orleans;

/// <summary>What can be asked of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's id: its type and its key.</summary>
    /// <exception cref="ArgumentException">The object is neither a grain nor a reference.</exception>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        Grain instance => instance.Activation.GrainId,
        GrainProxy reference => reference.Id,
        _ => throw NotAGrain(grain),
    };

    /// <summary>The key that the reference was asked for with.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.Value;

    /// <summary>A reference to the same grain, for handing to others, or under another of its interfaces.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => grain switch
    {
        Grain instance => instance.Activation.Engine.Reference<TGrainInterface>(instance.GetPrimaryKeyString()),
        GrainProxy reference => reference.Engine.Reference<TGrainInterface>(reference.Id.Key.Value),
        _ => throw NotAGrain(grain),
    };

    private static ArgumentException NotAGrain(IAddressable grain) =>
        new($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain));
}
