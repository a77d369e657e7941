namespace Orleans.CodeGeneration;

/// <summary>
/// The number of a grain interface's form, by which a cluster in the middle of an upgrade sends calls to silos that know it. Means nothing in
/// one process. Without it, 0.
/// </summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class VersionAttribute(ushort version) : Attribute
{
    public ushort Version { get; } = version;
}
