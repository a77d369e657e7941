using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>What a message to a user is about. Each has a template in the settings of tenant or application.</summary>
internal enum Occasion
{
    /// <summary>The way to a new password for who has forgotten it.</summary>
    ForgotPassword,

    /// <summary>The way to the first password.</summary>
    SetPassword,

    /// <summary>The password was changed by the way of a reset.</summary>
    PasswordResetSuccess,

    /// <summary>The password was changed.</summary>
    PasswordUpdate,

    /// <summary>The password was found among breached ones.</summary>
    PasswordBreach,

    /// <summary>Proof that the address is the user's is asked for.</summary>
    EmailVerification,

    /// <summary>The address was proved to be the user's.</summary>
    EmailVerified,

    /// <summary>The user has another address; told to the old one.</summary>
    EmailUpdate,

    /// <summary>The same for a phone number.</summary>
    PhoneVerification,

    PhoneVerified,

    /// <summary>A name that the user signs in with has changed.</summary>
    IdentityUpdate,

    /// <summary>Proof is asked for that the user wants the registration.</summary>
    RegistrationVerification,

    /// <summary>A link or a code that signs in.</summary>
    Passwordless,

    /// <summary>Somebody tried to make an account with a name that this user has.</summary>
    LoginIdInUseOnCreate,

    /// <summary>Somebody tried to take a name that this user has.</summary>
    LoginIdInUseOnUpdate,

    /// <summary>A login from a device that was not seen before.</summary>
    LoginNewDevice,

    /// <summary>A login that looks like somebody else's.</summary>
    LoginSuspicious,

    /// <summary>A code of the second factor.</summary>
    TwoFactorCode,

    TwoFactorMethodAdd,

    TwoFactorMethodRemove,

    /// <summary>An operator removed a second factor.</summary>
    AdminTwoFactorMethodRemove,

    /// <summary>The user has a passkey more. The settings know no template for it: who hears of second factors hears of passkeys.</summary>
    PasskeyAdd,

    /// <summary>The user has a passkey less.</summary>
    PasskeyRemove,

    /// <summary>A user action began, changed, was cancelled or ended; the definition names the template.</summary>
    UserAction,
}

/// <summary>One message to one user.</summary>
/// <param name="Application">Where it comes from; null for the tenant itself.</param>
internal sealed record Notice(Occasion Occasion, StoredUser User, Tenant Tenant, Application? Application)
{
    /// <summary>
    /// Where the message leads, a whole address; null where it leads nowhere. Built from the tenant's public address, never
    /// from a request.
    /// </summary>
    public string? Link { get; init; }

    /// <summary>A code to type; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>Further variables of the template, by the contract's names, such as <c>changePasswordId</c>.</summary>
    public JsonObject Values { get; init; } = [];

    /// <summary>Another address or number than the user's own, such as the one that is to be verified.</summary>
    public string? To { get; init; }

    /// <summary>From when on the message is of no use, milliseconds since 1970: it is not sent afterwards.</summary>
    public long? Expires { get; init; }

    /// <summary>The template, where neither tenant nor application decides.</summary>
    public Guid? TemplateId { get; init; }
}
