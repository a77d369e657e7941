using System.ComponentModel;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a caller holds: turns a call on the interface into a call of the grain. Public only for the runtime's sake.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public class GrainProxy : DispatchProxy, IEquatable<GrainProxy>
{
    internal GrainEngine Engine { get; set; } = null!;

    internal GrainClass Class { get; set; } = null!;

    internal GrainId Id { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainProxy);

    /// <summary>References to the same grain are equal.</summary>
    public bool Equals(GrainProxy? other) => other is not null && other.Id == Id && other.Engine == Engine;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => MethodPlan.For(targetMethod!).Start(this, args ?? []);
}
