namespace OrleansAuth.Common;

/// <summary>Tests that measure time run after all others, one at a time, so that they measure the server and not their neighbours.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Undisturbed
{
    public const string Name = "Undisturbed";
}
