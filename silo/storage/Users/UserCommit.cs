using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Entities;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Users;

namespace OrleansAuth.Storage.Users;

/// <summary>What storing a user means: the state row, the names, and the rows that lists and searches read, in one commit.</summary>
public static class UserCommit
{
    /// <summary>Searchable text of <c>data</c> is cut here, in UTF-16 characters.</summary>
    private const int LongestDataText = 2000;

    /// <summary>Stores a user in place of <paramref name="before"/> (null: there was none).</summary>
    public static Commit PutUser(this Commit commit, StoredUser? before, StoredUser after, long expectedVersion, long? lastLogin)
    {
        commit.Put(UserKeys.State(after.Id), expectedVersion, after.Write(), after.TenantId);
        if (ReferenceEquals(before?.User, after.User)) return commit;
        Names(commit, before?.User, after.User);
        SearchRow(commit, after.User, lastLogin);
        Registrations(commit, before?.User, after.User);
        Memberships(commit, before?.User, after.User);
        return commit;
    }

    /// <summary>Removes a user for good, with everything that belongs to it; audit and login records stay.</summary>
    public static Commit RemoveUser(this Commit commit, StoredUser user, long version, long loginsVersion, long attemptsVersion)
    {
        var id = user.Id;
        commit.Remove(UserKeys.State(id), version);
        if (loginsVersion > 0) commit.Remove(UserKeys.Logins(id), loginsVersion);
        if (attemptsVersion > 0) commit.Remove(UserKeys.Attempts(id), attemptsVersion);
        foreach (var claim in LoginClaims(user.User)) commit.Release(claim, UserKeys.Owner(id));
        foreach (var member in user.User.Memberships) commit.Release(UserKeys.Membership(member.Id!.Value), UserKeys.Owner(id));
        foreach (var key in (user.Factors?.Methods ?? []).Where(m => m.PublicId is not null)) commit.Release(UserKeys.YubiKey(user.TenantId, key.PublicId!), UserKeys.Owner(id));
        commit.Delete(Tables.UserSearch, ("id", id));
        foreach (var table in (Table[])[Tables.UserRegistration, Tables.GroupMember, Tables.RefreshToken, Tables.UserComment, Tables.UserActionLog])
            commit.Delete(table, ("user_id", id));
        return commit.RemoveGrantsOf(new GrantRecipient(IsUser: true, id));
    }

    /// <summary>The names that the user signs in with, as claims.</summary>
    public static IEnumerable<ClaimKey> LoginClaims(User user)
    {
        string?[] names = [LoginName.Normalise(user.Email), LoginName.Normalise(user.UniqueUsername ?? user.Username), LoginName.Phone(user.PhoneNumber)];
        return names.OfType<string>().Distinct().Select(name => UserKeys.Login(user.TenantId!.Value, name));
    }

    private static void Names(Commit commit, User? before, User after)
    {
        var owner = UserKeys.Owner(after.Id!.Value);
        var kept = LoginClaims(after).ToHashSet();
        var held = before is null ? [] : LoginClaims(before).ToHashSet();
        foreach (var claim in held.Where(c => !kept.Contains(c))) commit.Release(claim, owner);
        foreach (var claim in kept.Where(c => !held.Contains(c))) commit.Claim(claim, owner, after.TenantId);
    }

    private static void SearchRow(Commit commit, User user, long? lastLogin) => commit.Upsert(
        Tables.UserSearch,
        ("id", user.Id),
        ("tenant_id", user.TenantId),
        ("active", user.Active),
        ("email", user.Email),
        ("username", user.Username),
        ("unique_username", user.UniqueUsername),
        ("phone", user.PhoneNumber),
        ("first_name", user.FirstName),
        ("last_name", user.LastName),
        ("full_name", FullName(user)),
        ("mobile_phone", user.MobilePhone),
        ("birth_date", user.BirthDate),
        ("login", LoginName.Normalise(user.Email ?? user.UniqueUsername ?? user.Username ?? user.PhoneNumber)),
        ("verified", user.Verified),
        ("data_text", DataText(user.Data)),
        ("insert_instant", user.InsertInstant ?? 0),
        ("last_update_instant", user.LastUpdateInstant),
        ("last_login_instant", lastLogin),
        ("expiry", user.Expiry));

    /// <summary>What searches and sorting by full name use: the full name, or else first and last name.</summary>
    private static string? FullName(User user)
    {
        if (!string.IsNullOrWhiteSpace(user.FullName)) return user.FullName;
        var parts = $"{user.FirstName} {user.LastName}".Trim();
        return parts.Length == 0 ? null : parts;
    }

    /// <summary>The searchable text of <c>data</c>, in lower case, cut to a bearable length.</summary>
    internal static string? DataText(JsonElement? data)
    {
        if (data is not { ValueKind: JsonValueKind.Object } element) return null;
        var text = new StringBuilder();
        Collect(element, text);
        return text.Length == 0 ? null : text.ToString().ToLowerInvariant();
    }

    private static void Collect(JsonElement element, StringBuilder text)
    {
        if (text.Length >= LongestDataText) return;
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) Collect(member.Value, text);
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Collect(item, text);
        else if (element.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            text.Append(text.Length == 0 ? "" : " ").Append(element.ToString().AsSpan() is var value && value.Length > 200 ? value[..200] : value);
    }

    private static void Registrations(Commit commit, User? before, User after)
    {
        var held = (before?.Registrations ?? []).ToDictionary(r => r.ApplicationId!.Value);
        foreach (var registration in after.Registrations)
        {
            if (held.Remove(registration.ApplicationId!.Value, out var old) && ReferenceEquals(old, registration)) continue;
            var row = ((string, object?)[])
            [
                ("user_id", after.Id), ("application_id", registration.ApplicationId), ("tenant_id", after.TenantId), ("id", registration.Id),
                ("roles", JsonSerializer.Serialize(registration.Roles, ContractJson.Options)), ("insert_instant", registration.InsertInstant ?? 0), ("verified", registration.Verified),
            ];
            // A change leaves the instant of the last login, which logins write, as it is.
            if (old is null) commit.Upsert(Tables.UserRegistration, row);
            else commit.Update(Tables.UserRegistration, row);
        }

        foreach (var gone in held.Keys) commit.Delete(Tables.UserRegistration, ("user_id", after.Id), ("application_id", gone));
    }

    private static void Memberships(Commit commit, User? before, User after)
    {
        var owner = UserKeys.Owner(after.Id!.Value);
        var kept = after.Memberships.Select(m => m.Id!.Value).ToHashSet();
        // Removals first: who leaves a group may join it again in the same change, and is in it once.
        foreach (var gone in (before?.Memberships ?? []).Select(m => m.Id!.Value).Where(id => !kept.Contains(id)))
        {
            commit.Release(UserKeys.Membership(gone), owner);
            commit.Delete(Tables.GroupMember, ("id", gone));
        }

        var held = (before?.Memberships ?? []).ToDictionary(m => m.Id!.Value);
        foreach (var member in after.Memberships)
        {
            if (held.GetValueOrDefault(member.Id!.Value) is { } old && ReferenceEquals(old, member)) continue;
            // Callers choose ids, and two users with one id would share a row.
            commit.Claim(UserKeys.Membership(member.Id!.Value), owner, after.TenantId);
            commit.Upsert(
                Tables.GroupMember,
                ("id", member.Id), ("group_id", member.GroupId), ("user_id", after.Id), ("tenant_id", after.TenantId),
                ("data", member.Data?.GetRawText()), ("insert_instant", member.InsertInstant ?? 0));
        }
    }
}
