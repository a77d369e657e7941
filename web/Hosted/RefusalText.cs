using OrleansAuth.Common;

namespace OrleansAuth.Hosted;

/// <summary>What the pages say where nothing is wrong with what was typed.</summary>
internal static class RefusalText
{
    /// <summary>A key of the message catalogue.</summary>
    public static string KeyOf(Refusal? refusal) => refusal?.Kind switch
    {
        RefusalKind.Busy => "sign-in.busy",
        RefusalKind.Vetoed => "sign-in.vetoed",
        _ => "sign-in.try-again",
    };
}
