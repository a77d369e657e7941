using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Identifiers;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Recovery;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>
/// The way to a new password, for the API and for pages. A page needs three steps: <see cref="Ask"/> with what was typed,
/// which says nothing; <see cref="Find"/> with the id of the link, <c>/password/change/{id}</c>, before it shows its form; and
/// <see cref="Change"/> with the form, which asks everything again.
/// </summary>
internal sealed class PasswordRecovery(IGrainFactory grains, ConfigurationReader configuration, PublicAddress address, Clock clock)
{
    /// <summary>Longer ids are nobody's. In characters.</summary>
    public const int LongestId = 255;

    /// <summary>Longer names are nobody's; they are cut, so that they cost no more than others.</summary>
    private const int LongestName = 320;

    /// <summary>
    /// Writes down that somebody has forgotten a password. Whether a message follows is known to mailbox and phone alone: the answer and
    /// its time are the same for every name.
    /// </summary>
    public Task Ask(Tenant tenant, string loginId, ImmutableArray<string> types, Guid? applicationId, JsonObject? state, Actor actor) =>
        grains.Recovery(tenant.Id).Ask(new AskForRecovery(
            loginId.Length > LongestName ? loginId[..LongestName] : loginId, types, applicationId, state is null ? null : JsonText.From(state), address.OriginOf(tenant), actor));

    /// <summary>What an id of a link opens, or null where it opens nothing (any more).</summary>
    /// <param name="tenantId">The tenant that it must be of; null where the id alone says which.</param>
    public async Task<OpenTicket?> Find(string? id, Guid? tenantId)
    {
        if (id is not { Length: > 0 and <= LongestId } || await grains.Identifier(IdentifierKinds.ChangePassword, id).Read(tenantId) is not { } found) return null;
        var ticket = StoredTicket.Read(found.Content);
        var holder = await grains.UserPassword(found.TenantId, ticket.UserId).CheckTicket(ticket.ToPresented());
        return holder is null || configuration.Current.Find<Tenant>(found.TenantId) is not { State: ObjectState.Active } tenant
            ? null
            : new OpenTicket(tenant, ticket, holder.LoginId, found.ExpiresAt) { NeedsTrust = holder.NeedsTrust };
    }

    /// <summary>
    /// Changes the password by the id of a link. Of several who try at once, one succeeds. Not found where the id opens nothing;
    /// a password that the rules refuse leaves the id as it was.
    /// </summary>
    /// <param name="trust">What the proof of a second factor gave out, for users who have one.</param>
    public async Task<Outcome<FreshPassword>> Change(string? id, Guid? tenantId, string password, string? currentPassword, TrustProof trust, Actor actor)
    {
        if (await Find(id, tenantId) is not { } open) return Refusal.NotFound;
        var ticket = open.Ticket.ToPresented();
        var changed = await grains.UserPassword(open.Tenant.Id, open.Ticket.UserId).ChangePassword(new ChangePassword(password, currentPassword, actor)
        {
            Ticket = ticket,
            ApplicationId = open.Ticket.ApplicationId,
            NeedsTrust = true,
            TrustToken = trust.Token,
            TrustChallenge = trust.Challenge,
        });
        if (changed.Refusal is { } refusal) return refusal;

        // The change itself has made the id void; this takes the row away.
        await grains.Identifier(IdentifierKinds.ChangePassword, id!).Spend(new SpendIdentifier(open.Tenant.Id));
        return await Fresh(open.Tenant, open.Ticket.UserId, changed.Value!.Generation, open.Ticket.ApplicationId, open.Ticket.State);
    }

    /// <summary>After a change: an id that signs in once, soon.</summary>
    public async Task<FreshPassword> Fresh(Tenant tenant, Guid userId, int generation, Guid? applicationId, JsonElement? state)
    {
        var text = IdentifierText.New();
        var expires = clock.Now + (tenant.ExternalIdentifierConfiguration.OneTimePasswordTimeToLiveInSeconds * 1000L);
        var content = new StoredTicket { UserId = userId, Generation = generation, ApplicationId = applicationId, State = state };
        var issued = await grains.Identifier(IdentifierKinds.OneTimePassword, text).Issue(new IssueIdentifier(tenant.Id, expires, JsonText.From(content)));
        return new FreshPassword(tenant.Id, userId, issued.Refusal is null ? text : null, state);
    }
}

/// <summary>What an id of a link opens now.</summary>
/// <param name="LoginId">A name of the user, for password managers; show it only on the page that the link opens.</param>
/// <param name="ExpiresAt">Milliseconds since 1970.</param>
internal sealed record OpenTicket(Tenant Tenant, StoredTicket Ticket, string LoginId, long ExpiresAt)
{
    /// <summary>The user has a second factor, which has to be proved first.</summary>
    public bool NeedsTrust { get; init; }
}

/// <summary>What the proof of a second factor gave out, and the text that it was bound to; null for nothing.</summary>
internal sealed record TrustProof(string? Token, string? Challenge)
{
    /// <summary>Names no token.</summary>
    public override string ToString() => Token is null ? "no trust token" : "trust token";
}

/// <summary>A password that was just set.</summary>
/// <param name="OneTimePassword">Signs in once in place of login and password; see <see cref="OneTimeLogin"/>.</param>
/// <param name="State">What the caller gave when the id was handed out.</param>
internal sealed record FreshPassword(Guid TenantId, Guid UserId, string? OneTimePassword, JsonElement? State);
