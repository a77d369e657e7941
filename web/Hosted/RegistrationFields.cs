using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;

namespace OrleansAuth.Hosted;

/// <summary>The fields of the basic registration page, by the application's settings. Only these are read: nothing else that is posted counts.</summary>
internal static class RegistrationFields
{
    private const int Longest = 256;

    /// <summary>The field whose value the user signs in with.</summary>
    public static string LoginField(RegistrationConfiguration settings) => settings.LoginIdType switch
    {
        LoginIdType.Username => "username",
        LoginIdType.PhoneNumber => "phoneNumber",
        _ => "email",
    };

    /// <summary>The fields in the order of the page, each with whether it must be filled in. Passwords come last.</summary>
    public static IEnumerable<(string Name, bool Required)> Of(RegistrationConfiguration settings)
    {
        yield return (LoginField(settings), true);
        foreach (var (name, setting) in Optional(settings).Where(o => o.Setting.Enabled)) yield return (name, setting.Required);
        yield return ("password", true);
        if (settings.ConfirmPassword) yield return ("passwordConfirm", true);
    }

    /// <summary>The user that was typed, in the contract's shape.</summary>
    /// <param name="typed">Receives what was typed, for the page to show again; no passwords.</param>
    /// <param name="faults">Receives what is wrong, as keys of the message catalogue, by field.</param>
    public static JsonObject Read(RegistrationConfiguration settings, IFormCollection form, Dictionary<string, string> typed, Dictionary<string, string> faults)
    {
        var user = new JsonObject();
        foreach (var (name, required) in Of(settings))
        {
            var secret = name is "password" or "passwordConfirm";
            var value = secret ? form[name].ToString() : form[name].ToString().Trim();
            if (!secret) typed[name] = value;
            if (value.Length == 0 && required) faults[name] = "register.missing";
            if (value.Length > (secret ? 1024 : Longest)) faults[name] = "register.too-long";
            if (name == "preferredLanguages" && value.Length > 0) user[name] = new JsonArray(value);
            else if (name != "passwordConfirm" && value.Length > 0) user[name] = value;
        }

        if (settings.ConfirmPassword && form["password"].ToString() != form["passwordConfirm"].ToString()) faults.TryAdd("passwordConfirm", "register.passwords-differ");
        return user;
    }

    /// <summary>The field that an error of the contract is about; empty for none of the page.</summary>
    public static string FieldOf(ContractError error) => error.Field is { } path && path.StartsWith("user.", StringComparison.Ordinal) ? path["user.".Length..] : "";

    private static IEnumerable<(string Name, Requirable Setting)> Optional(RegistrationConfiguration settings) =>
    [
        ("fullName", settings.FullName), ("firstName", settings.FirstName), ("middleName", settings.MiddleName), ("lastName", settings.LastName),
        ("birthDate", settings.BirthDate), ("mobilePhone", settings.MobilePhone), ("preferredLanguages", settings.PreferredLanguages),
    ];
}
