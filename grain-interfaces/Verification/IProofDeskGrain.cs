using OrleansAuth.Common;

namespace OrleansAuth.Verification;

/// <summary>
/// Takes what is about no user, or about one whom nobody has looked for yet: wishes of people who say only a name, and proofs
/// that an address is somebody's who has no account so far. It remembers nothing itself; the store decides.
/// </summary>
[Alias("proof-desk")]
public interface IProofDeskGrain : IGrainWithStringKey
{
    /// <summary>
    /// Writes the wish down, durably: it is looked at later, so a name that somebody has and one that nobody has are the same
    /// thing here. Whether anything comes of it is told to nobody but the mailbox.
    /// </summary>
    [Alias("ask")]
    Task Ask(AskForProof command);

    /// <summary>
    /// Hands out an id for an address or number that is no user's yet, and sends it where asked. What is sent is counted for the address,
    /// whoever asks: after a few in an hour nothing is handed out.
    /// </summary>
    [Alias("start-open")]
    Task<Outcome<ProofHandedOut>> StartOpen(StartOpenProof command);

    /// <summary>Sends such an id. Not found where it is good for nothing; a few times, and then nothing happens.</summary>
    [Alias("send-open")]
    Task<Outcome<ProofHandedOut>> SendOpen(SendProof command);

    /// <summary>Completes it: the creation of a user with that address may name the id. Not found also for wrong codes, of which few are looked at.</summary>
    [Alias("complete-open")]
    Task<Outcome<ProofHandedOut>> CompleteOpen(CompleteOpenProof command);
}

/// <param name="LoginId">What was typed; whatever it is.</param>
/// <param name="Wish">What to hand out to whoever has that name.</param>
[GenerateSerializer, Immutable, Alias("proof.ask.v1")]
public sealed record AskForProof(string LoginId, BeginProof Wish);

/// <param name="Value">The address or number, normalised.</param>
/// <param name="Begin">Kind, application, state, strategy, and whether to send; its names are not asked for.</param>
[GenerateSerializer, Immutable, Alias("proof.start-open.v1")]
public sealed record StartOpenProof(string Value, BeginProof Begin);

[GenerateSerializer, Immutable, Alias("proof.complete-open.v1")]
public sealed record CompleteOpenProof(string Id, string? Code)
{
    public override string ToString() => "complete open proof";
}

/// <summary>How the grains are found.</summary>
public static class VerificationGrainKeys
{
    /// <summary>The only place that knows the key. Such a grain remembers nothing, so there are as many as there is work.</summary>
    public static IProofDeskGrain ProofDesk(this IGrainFactory grains, Guid tenantId) => grains.GetGrain<IProofDeskGrain>($"{tenantId:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static Guid ReadKey(string key) => Guid.ParseExact(key, "N");
}
