using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace OrleansAuth.Forms;

/// <summary>Where values of forms can go.</summary>
public static partial class FormFieldKeys
{
    /// <summary>The members of a user and of a registration that forms may set, and what they hold.</summary>
    public static readonly FrozenDictionary<string, FormDataType> Members = new Dictionary<string, FormDataType>
    {
        ["user.email"] = FormDataType.Email,
        ["user.username"] = FormDataType.String,
        ["user.phoneNumber"] = FormDataType.PhoneNumber,
        ["user.password"] = FormDataType.String,
        ["user.firstName"] = FormDataType.String,
        ["user.middleName"] = FormDataType.String,
        ["user.lastName"] = FormDataType.String,
        ["user.fullName"] = FormDataType.String,
        ["user.birthDate"] = FormDataType.Date,
        ["user.mobilePhone"] = FormDataType.String,
        ["user.parentEmail"] = FormDataType.Email,
        ["user.imageUrl"] = FormDataType.String,
        ["user.preferredLanguages"] = FormDataType.String,
        ["user.timezone"] = FormDataType.String,
        ["registration.username"] = FormDataType.String,
        ["registration.preferredLanguages"] = FormDataType.String,
        ["registration.timezone"] = FormDataType.String,
        ["registration.roles"] = FormDataType.String,
    }.ToFrozenDictionary();

    /// <summary>Whether a key is <c>user.data.…</c> or <c>registration.data.…</c>: the caller's own, of any type.</summary>
    public static bool IsData(string key) => key.Length <= 191 && Data().IsMatch(key);

    /// <summary>The key of a field that gives a consent.</summary>
    public static string OfConsent(Guid consentId) => $"consents['{consentId}']";

    public static bool IsOfUser(string key) => key.StartsWith("user.", StringComparison.Ordinal);

    public static bool IsOfRegistration(string key) => key.StartsWith("registration.", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(user|registration)\.data(\.[A-Za-z0-9_-]{1,64}){1,8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Data();
}
