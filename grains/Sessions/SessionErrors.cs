using OrleansAuth.Common;

namespace OrleansAuth.Sessions;

internal static class SessionErrors
{
    /// <summary>Unknown, damaged, expired, spent, revoked, or its user may not go on: the caller learns no more.</summary>
    public static readonly Refusal InvalidToken = Refusal.Invalid(ContractError.At("refreshToken", "invalid", "The refresh token is not valid."));

    public static readonly Refusal DuplicateId = Refusal.Invalid(ContractError.At("refreshTokens.id", "duplicate", "A refresh token with this Id already exists."));

    public static readonly Refusal DuplicateToken = Refusal.Invalid(ContractError.At("refreshTokens.token", "duplicate", "This refresh token already exists."));

    public static readonly Refusal InvalidUser = Refusal.Invalid(ContractError.At("refreshTokens.userId", "invalid", "The user does not exist or is not registered for the application."));

    public static readonly Refusal InvalidApplication = Refusal.Invalid(ContractError.At("refreshTokens.applicationId", "invalid", "The application does not exist or is not active."));
}
