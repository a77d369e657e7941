using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Forms;

/// <summary>Fields and forms that every system has. They come with the server, and nobody can change or remove them.</summary>
public static class BuiltInForms
{
    /// <summary>One field for each member that forms can set.</summary>
    public static readonly ImmutableArray<FormField> Fields = [.. MakeFields()];

    /// <summary>A form of each kind, for those who choose none of their own.</summary>
    public static readonly ImmutableArray<Form> Forms =
    [
        Form("Default registration", FormType.Registration, "user.email", "user.password", "user.firstName", "user.lastName"),
        Form("Default admin user", FormType.AdminUser, "user.email", "user.username", "user.phoneNumber", "user.password", "user.firstName", "user.middleName",
            "user.lastName", "user.fullName", "user.birthDate", "user.mobilePhone", "user.imageUrl", "user.preferredLanguages", "user.timezone"),
        Form("Default admin registration", FormType.AdminRegistration, "registration.username", "registration.roles", "registration.preferredLanguages", "registration.timezone"),
        Form("Default self-service", FormType.SelfServiceUser, "user.firstName", "user.lastName", "user.fullName", "user.birthDate", "user.preferredLanguages", "user.timezone", "user.password"),
    ];

    /// <summary>The id of the built-in field with this key.</summary>
    public static Guid FieldId(string key) => Id("form-field/" + key);

    private static IEnumerable<FormField> MakeFields() => FormFieldKeys.Members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => new FormField
    {
        Id = FieldId(member.Key),
        Key = member.Key,
        Name = Name(member.Key),
        Type = member.Value,
        Control = member.Key switch
        {
            "user.password" => FormControl.Password,
            "registration.roles" => FormControl.Select,
            _ => FormControl.Text,
        },
        Required = member.Key is "user.email" or "user.username" or "user.phoneNumber" or "user.password",
    });

    /// <summary>From <c>user.firstName</c> to <c>First name</c>.</summary>
    private static string Name(string key)
    {
        var member = key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var words = string.Concat(member.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        var name = char.ToUpperInvariant(words[0]) + words[1..];
        return FormFieldKeys.IsOfRegistration(key) ? $"{name} (registration)" : name;
    }

    private static Form Form(string name, FormType type, params string[] keys) =>
        new() { Id = Id("form/" + name), Name = name, Type = type, Steps = [new FormStep { Fields = [.. keys.Select(FieldId)] }] };

    /// <summary>The same id on every system (RFC 9562, section 5.8: a custom name-based id).</summary>
    private static Guid Id(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
