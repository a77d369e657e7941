using System.Collections.Immutable;

namespace OrleansAuth.Mfa;

/// <summary>That a session's user proved a second factor, and how. It travels with whatever comes of the session.</summary>
/// <param name="ProvedAt">When, milliseconds since 1970.</param>
/// <param name="Method">One of <see cref="FactorMethods"/>.</param>
[GenerateSerializer, Immutable, Alias("factor.proof.v1")]
public sealed record FactorProof(long ProvedAt, string Method)
{
    /// <summary>For <see cref="FactorMethods.Trust"/>: the applications that the device is trusted for; the empty id where a login was for none.</summary>
    [Id(0)] public ImmutableArray<Guid> TrustedFor { get; init; } = [];
}
