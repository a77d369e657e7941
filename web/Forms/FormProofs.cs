using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.OAuth;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Forms;

/// <summary>
/// Codes that people type before they have an account. A message costs something and may go to a stranger, so there are few: for an address
/// by the store, and for the network that asks by a budget of this node.
/// </summary>
internal sealed class FormProofs(Verifications verifications, IGrainFactory grains, Clock clock)
{
    private readonly GuessLimits _messages = new(clock);

    /// <summary>Sends a code. The answer is the same whether somebody has the address or not.</summary>
    /// <returns>Null after too many messages: nothing was sent.</returns>
    public async Task<FormProof?> Begin(Tenant tenant, Guid applicationId, ProofKind kind, string value, HttpContext http, Actor actor)
    {
        if (_messages.Charge(http.Connection.RemoteIpAddress) is not null) return null;
        var begin = verifications.Begin(tenant, kind, actor, applicationId, null) with { Sends = true, Strategy = VerificationStrategy.FormField };
        var started = await grains.ProofDesk(tenant.Id).StartOpen(new StartOpenProof(value, begin));
        return started.Value?.Id is { } id ? new FormProof(id, value, Completed: false) : null;
    }

    /// <summary>Whether the code is the right one; few wrong ones are looked at.</summary>
    public async Task<bool> Complete(Tenant tenant, FormProof proof, string code) =>
        (await grains.ProofDesk(tenant.Id).CompleteOpen(new CompleteOpenProof(proof.Id, code))).Refusal is null;
}
