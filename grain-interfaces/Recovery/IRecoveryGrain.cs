using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Recovery;

/// <summary>
/// Takes the wishes of people who have forgotten their passwords. What was typed is written down and looked at later, so a
/// name that somebody has and one that nobody has are the same thing here, in every respect, time among them.
/// </summary>
[Alias("recovery")]
public interface IRecoveryGrain : IGrainWithStringKey
{
    /// <summary>Writes the wish down, durably. Whether anything comes of it is told to nobody but the mailbox.</summary>
    [Alias("ask")]
    Task Ask(AskForRecovery command);
}

/// <param name="LoginId">What was typed; whatever it is.</param>
/// <param name="LoginIdTypes">Which identities may be meant; empty for e-mail and username.</param>
/// <param name="LinkOrigin">See <see cref="BeginRecovery.LinkOrigin"/>.</param>
[GenerateSerializer, Immutable, Alias("recovery.ask.v1")]
public sealed record AskForRecovery(string LoginId, ImmutableArray<string> LoginIdTypes, Guid? ApplicationId, JsonText? State, string LinkOrigin, Actor Actor);

/// <summary>How the grains are found.</summary>
public static class RecoveryGrainKeys
{
    /// <summary>The only place that knows the key. Such a grain remembers nothing, so there are as many as there is work.</summary>
    public static IRecoveryGrain Recovery(this IGrainFactory grains, Guid tenantId) => grains.GetGrain<IRecoveryGrain>($"{tenantId:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static Guid ReadKey(string key) => Guid.ParseExact(key, "N");
}
