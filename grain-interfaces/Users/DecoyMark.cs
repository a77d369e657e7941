namespace OrleansAuth.Users;

/// <summary>
/// How a name that nobody has is told from others without being kept: by a mark that only the server can make. Its first
/// bytes choose the stand-in (<see cref="UserGrainKeys.Decoy"/>), others the name among those that share it.
/// </summary>
public static class DecoyMark
{
    /// <summary>What marks of names are made for.</summary>
    public const string Purpose = "decoy";

    /// <summary>The part that tells names of one stand-in from each other.</summary>
    public static string Slot(ReadOnlySpan<byte> mark) => Convert.ToHexStringLower(mark[16..28]);
}
