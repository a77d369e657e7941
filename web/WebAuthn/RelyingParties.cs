using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.WebAuthn;

/// <summary>The relying party of each tenant.</summary>
internal sealed class RelyingParties(PublicAddress address)
{
    /// <summary>
    /// The domain that the tenant names, with the pages on it and below it; or the domain of the tenant's address, with just
    /// that address. Null where there is no domain: browsers make no passkeys for bare addresses.
    /// </summary>
    public RelyingParty? Of(Tenant tenant)
    {
        if (RelyingParty.OriginOf(address.OriginOf(tenant)) is not { } origin) return null;
        if (tenant.WebAuthnConfiguration.RelyingPartyId is { Length: > 0 } named) return new RelyingParty(named, origin, IncludesBelow: true);
        var host = new Uri(origin).IdnHost;
        return RelyingParty.IsId(host) ? new RelyingParty(host, origin, IncludesBelow: false) : null;
    }

    /// <summary>The same for our own pages, which stand at the tenant's address. Null where that is not on the relying party's domain.</summary>
    public RelyingParty? OfOwnPages(Tenant tenant) => Of(tenant) is { } party && party.Accepts(party.Origin) ? party with { IncludesBelow = false } : null;

    /// <summary>What people see as the name of whom they make a passkey for.</summary>
    public static string NameOf(Tenant tenant) => tenant.WebAuthnConfiguration.RelyingPartyName is { Length: > 0 } name ? name : tenant.Name;
}
