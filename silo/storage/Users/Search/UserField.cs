using System.Collections.Frozen;
using System.Globalization;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>What a field holds, and with it how its values are written and compared.</summary>
public enum UserFieldKind
{
    /// <summary>A name to sign in with: compared whole.</summary>
    Name,

    /// <summary>Words: one or some of them may be asked for.</summary>
    Words,

    Id,
    Flag,

    /// <summary>Milliseconds since 1970; days may be written as <c>YYYY-MM-DD</c>.</summary>
    Instant,

    /// <summary>A day, <c>YYYY-MM-DD</c>.</summary>
    Day,

    /// <summary>A JSON array of texts.</summary>
    List,
}

/// <summary>Which rows a field is in.</summary>
public enum UserFieldGroup
{
    User,
    Registrations,
    Memberships,
}

/// <summary>A field that searches know.</summary>
/// <param name="Name">As callers write it.</param>
/// <param name="Column">In the group's table; holds lower case where it is text.</param>
/// <param name="Sortable">Null where users cannot be sorted by it, else whether the column can be null.</param>
public sealed record UserField(string Name, UserFieldKind Kind, string Column, UserFieldGroup Group = UserFieldGroup.User, bool? Sortable = null)
{
    private static readonly FrozenDictionary<string, UserField> ByName = ((UserField[])
    [
        new("id", UserFieldKind.Id, "id", Sortable: false),
        new("tenantId", UserFieldKind.Id, "tenant_id", Sortable: false),
        new("active", UserFieldKind.Flag, "active", Sortable: false),
        new("verified", UserFieldKind.Flag, "verified", Sortable: false),
        new("email", UserFieldKind.Name, "email", Sortable: true),
        new("username", UserFieldKind.Name, "username_lower", Sortable: true),
        new("uniqueUsername", UserFieldKind.Name, "lower(u.unique_username)"),
        new("login", UserFieldKind.Name, "login", Sortable: true),
        new("phoneNumber", UserFieldKind.Name, "phone", Sortable: true),
        new("mobilePhone", UserFieldKind.Name, "mobile_phone", Sortable: true),
        new("fullName", UserFieldKind.Words, "full_name_lower", Sortable: true),
        new("name", UserFieldKind.Words, "full_name_lower", Sortable: true),
        new("firstName", UserFieldKind.Words, "first_name_lower", Sortable: true),
        new("lastName", UserFieldKind.Words, "last_name_lower", Sortable: true),
        new("data", UserFieldKind.Words, "data_text"),
        new("birthDate", UserFieldKind.Day, "birth_date", Sortable: true),
        new("insertInstant", UserFieldKind.Instant, "insert_instant", Sortable: false),
        new("lastUpdateInstant", UserFieldKind.Instant, "last_update_instant", Sortable: true),
        new("lastLoginInstant", UserFieldKind.Instant, "last_login_instant", Sortable: true),
        new("expiry", UserFieldKind.Instant, "expiry", Sortable: true),
        new("registrations.applicationId", UserFieldKind.Id, "application_id", UserFieldGroup.Registrations),
        new("registrations.id", UserFieldKind.Id, "id", UserFieldGroup.Registrations),
        new("registrations.roles", UserFieldKind.List, "roles", UserFieldGroup.Registrations),
        new("registrations.insertInstant", UserFieldKind.Instant, "insert_instant", UserFieldGroup.Registrations),
        new("registrations.lastLoginInstant", UserFieldKind.Instant, "last_login_instant", UserFieldGroup.Registrations),
        new("memberships.groupId", UserFieldKind.Id, "group_id", UserFieldGroup.Memberships),
        new("memberships.id", UserFieldKind.Id, "id", UserFieldGroup.Memberships),
    ]).ToFrozenDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The field of that name; what is inside <c>data</c> is searched as a whole.</summary>
    /// <exception cref="UserQueryException">There is none.</exception>
    public static UserField Named(string name)
    {
        if (ByName.TryGetValue(name, out var field)) return field;
        if (name.StartsWith("data.", StringComparison.Ordinal)) return ByName["data"];
        if (name.StartsWith("user.", StringComparison.Ordinal) && ByName.TryGetValue(name[5..], out field)) return field;
        throw new UserQueryException($"Users cannot be searched by [{(name.Length > 64 ? name[..64] : name)}].");
    }

    /// <summary>A single value as it is stored.</summary>
    /// <exception cref="UserQueryException">It is not written as this kind of field is.</exception>
    public object Value(string written) => Kind switch
    {
        UserFieldKind.Id when Guid.TryParse(written, out var id) => id,
        UserFieldKind.Flag when bool.TryParse(written, out var flag) => flag,
        UserFieldKind.Instant => Instant(written),
        UserFieldKind.Day when Day(written) is { } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        UserFieldKind.Name or UserFieldKind.Words or UserFieldKind.List => written.ToLowerInvariant(),
        _ => throw new UserQueryException($"[{Name}] cannot be compared with what was given."),
    };

    private long Instant(string written)
    {
        if (long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var instant)) return instant;
        if (DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time.ToUnixTimeMilliseconds();
        throw new UserQueryException($"[{Name}] is compared with milliseconds since 1970 or with a day such as 2026-01-31.");
    }

    private static DateOnly? Day(string written) =>
        DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
