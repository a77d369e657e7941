using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Verification;

/// <summary>Hands out an id, with or without a code, that proves something about a user when it comes back.</summary>
/// <param name="LinkOrigin">Where a link leads: scheme, host, port, perhaps a path. From settings, never from a request.</param>
[GenerateSerializer, Immutable, Alias("proof.begin.v1")]
public sealed record BeginProof(ProofKind Kind, string LinkOrigin, Actor Actor)
{
    /// <summary>The application that it is about, or that the user comes from; one of another tenant counts as none.</summary>
    [Id(0)] public Guid? ApplicationId { get; init; }

    /// <summary>Sends the message; otherwise only the caller gets to know the id.</summary>
    [Id(1)] public bool Sends { get; init; }

    /// <summary>What was typed as a name: it must be one of this user's, of one of the types (empty for e-mail and username). Null asks nothing.</summary>
    [Id(2)] public string? LoginId { get; init; }

    [Id(3)] public ImmutableArray<string> LoginIdTypes { get; init; } = [];

    /// <summary>The caller's own JSON object, given back in the end; null for none.</summary>
    [Id(4)] public JsonText? State { get; init; }

    /// <summary>A link or a code; null for what the settings say.</summary>
    [Id(5)] public VerificationStrategy? Strategy { get; init; }

    /// <summary>An id that the caller chose at random, because a browser holds it already; null for one of the tenant's shape.</summary>
    [Id(6)] public string? ProofId { get; init; }

    /// <summary>The hash of what the browser holds that asked: only that browser may use the link. Null binds it to none.</summary>
    [Id(7)] public string? Browser { get; init; }
}

/// <param name="Id">Null where there is nothing to prove, or too much was sent of late: nothing was done.</param>
/// <param name="Code">The short code that belongs to it; null for a link.</param>
[GenerateSerializer, Immutable, Alias("proof.handed-out.v1")]
public sealed record ProofHandedOut(string? Id, string? Code)
{
    /// <summary>Nothing was done.</summary>
    public static readonly ProofHandedOut Nothing = new(null, null);

    public override string ToString() => "proof";
}

/// <summary>An id that came with the change of a user, for callers who may know it.</summary>
/// <param name="ApplicationId">For a registration.</param>
/// <param name="Value">The address or number that it is about.</param>
[GenerateSerializer, Immutable, Alias("proof.owed.v1")]
public sealed record OwedProof(ProofKind Kind, Guid? ApplicationId, string? Value, string Id, string? Code)
{
    public override string ToString() => $"proof ({Kind})";
}

/// <summary>Sends what was handed out before.</summary>
/// <param name="Id">The id as it was handed out.</param>
[GenerateSerializer, Immutable, Alias("proof.send.v1")]
public sealed record SendProof(ProofKind Kind, Guid? ApplicationId, string Id, string LinkOrigin, JsonText? State)
{
    public override string ToString() => $"send proof ({Kind})";
}

/// <summary>An id that comes back, by its hash (<see cref="Identifiers.IdentifierGrainKeys.IdOf"/>).</summary>
/// <param name="IdHash">Null for whichever of this kind the user has now: for a caller who knows the user by other means.</param>
[GenerateSerializer, Immutable, Alias("proof.presented.v1")]
public sealed record PresentedProof(ProofKind Kind, Guid? ApplicationId, string? IdHash);

/// <summary>What an id is good for now.</summary>
/// <param name="Value">The address or number that it was made for.</param>
/// <param name="NeedsCode">A code belongs to it.</param>
/// <param name="Browser">The browser that it is bound to, as a hash; null for none.</param>
/// <param name="LoginId">A name of the user.</param>
[GenerateSerializer, Immutable, Alias("proof.holder.v1")]
public sealed record ProofHolder(string? Value, bool NeedsCode, string? Browser, string LoginId);

/// <param name="Code">What was typed; null for none.</param>
[GenerateSerializer, Immutable, Alias("proof.complete.v1")]
public sealed record CompleteProof(PresentedProof Proof, string? Code, Actor Actor)
{
    public override string ToString() => $"complete proof ({Proof.Kind})";
}

/// <summary>An operator vouches for an identity (<see cref="ProofKind.Email"/> or <see cref="ProofKind.PhoneNumber"/>).</summary>
[GenerateSerializer, Immutable, Alias("proof.vouch.v1")]
public sealed record VouchForIdentity(ProofKind Kind, Actor Actor);

/// <summary>Replaces an address that is not verified, where the tenant lets users do that who wait behind the gate.</summary>
[GenerateSerializer, Immutable, Alias("proof.change-email.v1")]
public sealed record ChangeUnverifiedEmail(string Email, Guid? ApplicationId, string LinkOrigin, Actor Actor);

/// <summary>The same for a phone number.</summary>
[GenerateSerializer, Immutable, Alias("proof.change-phone.v1")]
public sealed record ChangeUnverifiedPhone(string PhoneNumber, Guid? ApplicationId, string LinkOrigin, Actor Actor);

/// <summary>Removes what nobody has verified in time, if that is still so.</summary>
/// <param name="ApplicationId">The registration to remove; null for the user.</param>
[GenerateSerializer, Immutable, Alias("proof.remove-unverified.v1")]
public sealed record RemoveUnverified(Guid? ApplicationId, Actor Actor);

/// <param name="Removed">False where it has been verified meanwhile, or may stay longer.</param>
[GenerateSerializer, Immutable, Alias("proof.removed.v1")]
public sealed record UnverifiedRemoved(bool Removed);
