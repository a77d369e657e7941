using OrleansAuth.Sessions;

namespace OrleansAuth.OAuth;

/// <summary>The contract's <c>error_reason</c> and <c>userState</c> for the gates of a login.</summary>
internal static class LoginReasons
{
    public static string Of(LoginStatus status) => status switch
    {
        LoginStatus.Locked => "user_locked",
        LoginStatus.Expired => "user_expired",
        LoginStatus.Prevented => "login_prevented",
        LoginStatus.TwoFactor => "multi_factor_challenge_required",
        LoginStatus.ChangePassword => "change_password_required",
        LoginStatus.EmailUnverified => "email_not_verified",
        LoginStatus.PhoneUnverified => "phone_verification_required",
        LoginStatus.RegistrationUnverified => "registration_not_verified",
        LoginStatus.NotRegistered => "user_not_registered",
        _ => "invalid_user_credentials",
    };

    /// <summary>What the client learns in <c>userState</c> beside the answer.</summary>
    public static string UserState(LoginStatus status) => status switch
    {
        LoginStatus.NotRegistered => "AuthenticatedNotRegistered",
        LoginStatus.EmailUnverified or LoginStatus.PhoneUnverified => "AuthenticatedNotVerified",
        LoginStatus.RegistrationUnverified => "AuthenticatedRegistrationNotVerified",
        _ => "Authenticated",
    };
}
