using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.Mfa;

/// <summary>Second factors as the API shows them. Who has proved one factor only sees enough of an address to know it again.</summary>
internal static class FactorDisplay
{
    public static TwoFactorChallenge Challenge(string id, StoredUser user, TokenSettings settings, FactorNeed need, bool masked) => new(
        id,
        JsonText.From(Methods(user.Factors ?? StoredFactors.None, masked)),
        need == FactorNeed.SetUp ? JsonText.From(FactorMethods.Offered(settings.Tenant.MultiFactorConfiguration)) : null);

    public static TwoFactorMethod[] Methods(StoredFactors factors, bool masked) => [.. factors.Show().Select(m => masked ? Masked(m) : m)];

    private static TwoFactorMethod Masked(TwoFactorMethod method) => method with
    {
        Email = method.Email is { } email ? MaskedEmail(email) : null,
        MobilePhone = method.MobilePhone is { Length: > 2 } phone ? $"{new string('*', phone.Length - 2)}{phone[^2..]}" : null,
    };

    private static string MaskedEmail(string email)
    {
        var at = email.LastIndexOf('@');
        return at < 1 ? "*" : $"{email[0]}*****{email[at..]}";
    }
}
