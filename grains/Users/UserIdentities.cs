using System.Collections.Immutable;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>How the address of a new or changed identity counts.</summary>
/// <param name="Trust">Given: everything counts as verified, for this reason.</param>
internal readonly record struct IdentityTrust(IdentityVerifiedReason? Trust)
{
    public static readonly IdentityTrust Policy = new(null);
    public static readonly IdentityTrust Skipped = new(IdentityVerifiedReason.Skipped);
    public static readonly IdentityTrust Imported = new(IdentityVerifiedReason.Import);
}

/// <summary>
/// The identities that a user signs in with. They follow from e-mail, phone number and username; what is known about one
/// (verified when and why) stays as long as its value does.
/// </summary>
internal static class UserIdentities
{
    public const string Email = "email";
    public const string PhoneNumber = "phoneNumber";
    public const string Username = "username";

    /// <summary>The user with identities that fit its names, and with <c>verified</c> as the e-mail's identity says.</summary>
    public static User Fit(User user, User? before, Tenant tenant, IdentityTrust trust, long now)
    {
        var changes = before?.Email is not null;
        var asksEmail = tenant.EmailConfiguration.VerifyEmail && (!changes || tenant.EmailConfiguration.VerifyEmailWhenChanged);
        var held = before?.Identities ?? [];
        UserIdentity?[] identities =
        [
            Fit(held, Email, user.Email, user.Email, Reason(asksEmail, changes && !Verified(held), trust), now),
            Fit(held, PhoneNumber, user.PhoneNumber, user.PhoneNumber, Reason(tenant.PhoneConfiguration.VerifyPhoneNumber, false, trust), now),
            Fit(held, Username, user.UniqueUsername ?? user.Username, user.Username, IdentityVerifiedReason.Unverifiable, now),
        ];
        ImmutableArray<UserIdentity> fitted = [.. identities.OfType<UserIdentity>()];
        var email = fitted.FirstOrDefault(i => i.Type.Name == Email);
        return user with { Identities = fitted, Verified = email?.Verified ?? false, VerifiedInstant = email?.VerifiedInstant };
    }

    /// <summary>The user with an identity that counts as verified from now on; one that did before stays as it was.</summary>
    public static User Verify(User user, string type, IdentityVerifiedReason reason, long now)
    {
        var identities = user.Identities.Select(i => i.Type.Name != type || i.Verified
            ? i
            : i with { Verified = true, VerifiedInstant = now, VerifiedReason = reason, LastUpdateInstant = now }).ToImmutableArray();
        var email = identities.FirstOrDefault(i => i.Type.Name == Email);
        return user with { Identities = identities, Verified = email?.Verified ?? false, VerifiedInstant = email?.VerifiedInstant };
    }

    /// <summary>
    /// A new user whose address comes from an identity provider: it counts as verified where the provider vouches for it, and never
    /// otherwise, also in tenants that let the addresses of others count unproved.
    /// </summary>
    public static User Vouched(User user, bool isVerified, long now)
    {
        var reason = isVerified ? IdentityVerifiedReason.Trusted : IdentityVerifiedReason.Pending;
        var identities = user.Identities.Select(i => i.Type.Name != Email ? i : i with { Verified = isVerified, VerifiedInstant = isVerified ? now : null, VerifiedReason = reason }).ToImmutableArray();
        return user with { Identities = identities, Verified = isVerified, VerifiedInstant = isVerified ? now : null };
    }

    private static bool Verified(ImmutableArray<UserIdentity> held) => held.Any(i => i.Type.Name == Email && i.Verified);

    private static IdentityVerifiedReason Reason(bool asks, bool unproven, IdentityTrust trust) =>
        trust.Trust ?? (asks || unproven ? IdentityVerifiedReason.Pending : IdentityVerifiedReason.Disabled);

    private static UserIdentity? Fit(ImmutableArray<UserIdentity> held, string type, string? value, string? display, IdentityVerifiedReason reason, long now)
    {
        if (value is null) return null;
        if (held.FirstOrDefault(i => i.Type.Name == type && i.Value == value) is { } same)
            return same.DisplayValue == display ? same : same with { DisplayValue = display, LastUpdateInstant = now };
        var verified = reason is not (IdentityVerifiedReason.Pending or IdentityVerifiedReason.Unverifiable);
        return new UserIdentity
        {
            Type = new IdentityType { Name = type },
            Value = value,
            DisplayValue = display,
            InsertInstant = held.FirstOrDefault(i => i.Type.Name == type)?.InsertInstant ?? now,
            LastUpdateInstant = now,
            Primary = true,
            Verified = verified,
            VerifiedInstant = verified ? now : null,
            VerifiedReason = reason,
        };
    }
}
