using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Mail;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>What an id is wanted for.</summary>
/// <param name="Application">The one that it is about, or that the user comes from; null for the tenant itself.</param>
/// <param name="LinkOrigin">Where a link leads; null where nothing is sent.</param>
internal sealed record ProofOrder(ProofKind Kind, Application? Application, string? LinkOrigin)
{
    /// <summary>It goes to a phone; else it goes to the e-mail address.</summary>
    public bool ByPhone { get; init; }

    public JsonElement? State { get; init; }

    /// <summary>A link or a code; null for what the settings say.</summary>
    public VerificationStrategy? Strategy { get; init; }

    /// <summary>An id that somebody holds already; null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>The browser that the id is bound to, as a hash.</summary>
    public string? Browser { get; init; }

    /// <summary>Where it goes, or what it is about.</summary>
    public string? AddressOf(User user) => ByPhone ? LoginName.Phone(user.PhoneNumber) : LoginName.Normalise(user.Email);

    /// <summary>What is counted when it is sent.</summary>
    public LimitedAction Limit => Kind switch
    {
        ProofKind.Email => LimitedAction.SendEmailVerification,
        ProofKind.PhoneNumber => LimitedAction.SendPhoneVerification,
        ProofKind.Registration => LimitedAction.SendRegistrationVerification,
        _ => ByPhone ? LimitedAction.SendPasswordlessPhone : LimitedAction.SendPasswordless,
    };
}

/// <summary>What ids of a kind look like, how long they live and how they are sent, by the settings of tenant and application.</summary>
internal sealed record ProofShape(SecureGeneratorConfiguration Id, SecureGeneratorConfiguration Code, long Life, bool IsCode, Occasion Occasion, string Page)
{
    public static ProofShape Of(Tenant tenant, ProofOrder order)
    {
        var ids = tenant.ExternalIdentifierConfiguration;
        var passwordless = order.Application?.PasswordlessConfiguration;
        return order.Kind switch
        {
            ProofKind.Email => new(
                ids.EmailVerificationIdGenerator, ids.EmailVerificationOneTimeCodeGenerator, Milliseconds(ids.EmailVerificationIdTimeToLiveInSeconds),
                WantsCode(order, tenant.EmailConfiguration.VerificationStrategy), Occasion.EmailVerification, "/email/verify/"),
            ProofKind.PhoneNumber => new(
                ids.PhoneVerificationIdGenerator, ids.PhoneVerificationOneTimeCodeGenerator, Milliseconds(ids.PhoneVerificationIdTimeToLiveInSeconds),
                WantsCode(order, tenant.PhoneConfiguration.VerificationStrategy), Occasion.PhoneVerification, "/phone/verify/"),
            ProofKind.Registration => new(
                ids.RegistrationVerificationIdGenerator, ids.RegistrationVerificationOneTimeCodeGenerator, Milliseconds(ids.RegistrationVerificationIdTimeToLiveInSeconds),
                WantsCode(order, order.Application?.VerificationStrategy ?? VerificationStrategy.ClickableLink), Occasion.RegistrationVerification, "/registration/verify/"),
            _ => new(
                ids.PasswordlessLoginGenerator, ids.PasswordlessLoginOneTimeCodeGenerator, Milliseconds(ids.PasswordlessLoginTimeToLiveInSeconds),
                WantsCode(order, (order.ByPhone ? passwordless?.PhoneLoginStrategy : passwordless?.EmailLoginStrategy) == PasswordlessStrategy.FormField ? VerificationStrategy.FormField : VerificationStrategy.ClickableLink),
                Occasion.Passwordless, "/oauth2/passwordless/"),
        };
    }

    private static bool WantsCode(ProofOrder order, VerificationStrategy configured) => (order.Strategy ?? configured) == VerificationStrategy.FormField;

    private static long Milliseconds(int seconds) => seconds * 1000L;
}

/// <summary>An id that was made and is not stored yet.</summary>
/// <param name="Id">In the clear: for the message, and for callers who may know it.</param>
internal sealed record ProofDraft(ProofOrder Order, string Id, string? Code, StoredProof Stored)
{
    /// <summary>Where the user keeps it.</summary>
    public string Key => ProofKeys.Of(Order.Kind, Order.Application?.Id, Stored.IdHash);

    public override string ToString() => $"proof draft ({Order.Kind})";
}
