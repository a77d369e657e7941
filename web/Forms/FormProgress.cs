using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using OrleansAuth.Common;

namespace OrleansAuth.Forms;

/// <summary>
/// How far somebody is in a form of several steps. It travels sealed in the form itself: the server keeps nothing of people
/// who never come to the end, and any node takes the next step.
/// </summary>
/// <param name="Step">The step that is shown, from 0.</param>
/// <param name="Values">What was typed in the steps before it and in those that it came back from.</param>
internal sealed record FormProgress(int Step, ImmutableDictionary<string, string> Values)
{
    /// <summary>What steps that verify have sent, and whether it came back, by the keys of the fields.</summary>
    public ImmutableDictionary<string, FormProof> Proofs { get; init; } = ImmutableDictionary<string, FormProof>.Empty;

    /// <summary>The field of the form that holds it.</summary>
    public const string Field = "progress";

    private const int LongestText = 256 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static readonly FormProgress Begin = new(0, ImmutableDictionary<string, string>.Empty);

    /// <param name="purpose">The form and whoever it is for: what was sealed for another does not open.</param>
    public string Seal(IDataProtectionProvider protection, string purpose, Clock clock)
    {
        var clear = ContractJson.Write(new Sealed(Step, Values, clock.Now + (long)Lifetime.TotalMilliseconds) { Proofs = Proofs });
        return Base64Url.EncodeToString(protection.CreateProtector(purpose).Protect(clear));
    }

    /// <returns>The beginning, where the text is missing, too old or not of this server and form.</returns>
    public static FormProgress Open(string? text, IDataProtectionProvider protection, string purpose, Clock clock)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LongestText || !Base64Url.IsValid(text)) return Begin;
        try
        {
            var opened = ContractJson.Read<Sealed>(protection.CreateProtector(purpose).Unprotect(Base64Url.DecodeFromChars(text)));
            return opened.Ends < clock.Now ? Begin : new FormProgress(opened.Step, opened.Values) { Proofs = opened.Proofs };
        }
        catch (CryptographicException)
        {
            return Begin;
        }
    }

    private sealed record Sealed(int Step, ImmutableDictionary<string, string> Values, long Ends)
    {
        public ImmutableDictionary<string, FormProof> Proofs { get; init; } = ImmutableDictionary<string, FormProof>.Empty;
    }
}
