using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Groups;
using OrleansAuth.Mfa;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>A user of an import that passed the rules.</summary>
/// <param name="Password">In the clear, still to be hashed; null where it came as a hash or not at all.</param>
internal sealed record ImportedUser(int Index, StoredUser User, UserLogins Logins, string? Password);

/// <summary>Reads one user of an import: much that the server owns otherwise comes from outside here.</summary>
internal sealed class ImportedUserRules(ConfigurationSnapshot snapshot, Tenant tenant, ImportUsers command, SecondFactors factors, long now)
{
    /// <summary>The user, or null after an error.</summary>
    public ImportedUser? Read(JsonElement element, int index, Errors errors)
    {
        if (Parse(element, errors) is not { } read) return null;
        var user = UserRules.WithNames(read, errors);
        UserRules.Check(user, null, tenant, disableDomainBlock: true, now, errors);
        if (user.Id is { } own && UserGrainKeys.IsReserved(own)) errors.Add("id", "invalid", "This Id is reserved.");
        var hash = Hash(user, errors, out var clear);
        var id = user.Id ?? Guid.CreateVersion7();
        var brought = new ImportedFactors(factors, tenant, now).Read(id, user.TwoFactor, errors);
        user = user with
        {
            Active = element.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True,
            EncryptionScheme = null,
            Factor = 0,
            Id = id,
            InsertInstant = user.InsertInstant ?? now,
            LastLoginInstant = null,
            LastUpdateInstant = user.LastUpdateInstant ?? now,
            Memberships = [.. user.Memberships.Select(m => Member(m, id, errors)).OfType<GroupMember>()],
            Password = null,
            PasswordLastUpdateInstant = user.PasswordLastUpdateInstant ?? now,
            Registrations = [.. user.Registrations.Select(r => Registration(r, errors)).OfType<UserRegistration>()],
            Salt = null,
            TenantId = tenant.Id,
            TwoFactor = new(),
            UniqueUsername = null,
        };
        if (user.Registrations.DistinctBy(r => r.ApplicationId).Count() != user.Registrations.Length) errors.Add("registrations", "duplicate", "A user is registered for an application at most once.");
        if (user.Memberships.DistinctBy(m => m.GroupId).Count() != user.Memberships.Length) errors.Add("memberships", "duplicate", "A user is in a group at most once.");
        if (errors.Any) return null;
        user = UniqueUsername.Fit(user, null, tenant.UsernameConfiguration.Unique);
        return new ImportedUser(index, new StoredUser { User = Identified(user, read), Password = hash, Factors = brought }, Logins(read), clear);
    }

    private static User? Parse(JsonElement element, Errors errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "couldNotConvert", "A user must be a JSON object.");
            return null;
        }

        try
        {
            return element.Deserialize<User>(ContractJson.Options);
        }
        catch (JsonException)
        {
            // Members that are null mean what absent ones mean; few callers send them, so they cost an attempt of their own.
            var document = System.Text.Json.Nodes.JsonObject.Create(element)!;
            return ContractReading.Read<User>(ContractJson.WithoutNulls(document), "users", errors);
        }
    }

    private User Identified(User user, User read)
    {
        var trust = read.Verified ? IdentityTrust.Imported : new IdentityTrust(IdentityVerifiedReason.Pending);
        return UserIdentities.Fit(user with { Identities = [] }, null, tenant, trust, now) with { VerifiedInstant = read.Verified ? read.VerifiedInstant ?? now : null };
    }

    /// <summary>The hash that came with the user, if it is one of a scheme that is known here.</summary>
    private StoredPassword? Hash(User user, Errors errors, out string? clear)
    {
        clear = null;
        if (string.IsNullOrEmpty(user.Password)) return null;
        var name = user.EncryptionScheme ?? command.EncryptionScheme;
        if (name is null)
        {
            if (user.Salt is not null) errors.Add("encryptionScheme", "missing", "A password with a salt needs the name of its scheme.");
            clear = user.Password;
            return null;
        }

        var scheme = PasswordSchemes.BuiltIn.Find(name);
        var factor = user.Factor != 0 ? user.Factor : command.Factor ?? scheme?.DefaultFactor ?? 0;
        var fault = PasswordSchemes.BuiltIn.Check(name, user.Salt, user.Password, factor);
        if (fault == PasswordHashFault.None) return new StoredPassword(scheme!.Name, factor, user.Salt ?? "", user.Password);
        var (field, message) = fault switch
        {
            PasswordHashFault.Scheme => ("encryptionScheme", "There is no scheme of this name."),
            PasswordHashFault.Salt => ("salt", "The salt is not in the form that the scheme stores."),
            PasswordHashFault.Factor => ("factor", "The scheme does not take this factor."),
            _ => ("password", "The password hash is not in the form that the scheme stores."),
        };
        errors.Add(field, "invalid", message);
        return null;
    }

    private UserRegistration? Registration(UserRegistration? registration, Errors errors)
    {
        var nested = new Errors("registrations");
        if (registration is null || RegistrationRules.FindApplication(snapshot, tenant.Id, registration.ApplicationId, nested) is not { } application)
        {
            errors.Add("registrations.applicationId", "invalid", "The registration must name an active application of the tenant.");
            return null;
        }

        RegistrationRules.Check(registration, application, nested);
        foreach (var error in nested.ToImmutable()) errors.Add(error.Field!, error.Code[1..error.Code.IndexOf(']', StringComparison.Ordinal)], error.Message);
        var verified = registration.Verified || !application.VerifyRegistration;
        return registration with
        {
            Id = registration.Id ?? Guid.CreateVersion7(),
            InsertInstant = registration.InsertInstant ?? now,
            LastLoginInstant = null,
            LastUpdateInstant = registration.LastUpdateInstant ?? now,
            Roles = registration.Roles.IsEmpty ? [.. application.Roles.Where(r => r.IsDefault).Select(r => r.Name!)] : [.. registration.Roles.Distinct()],
            Verified = verified,
            VerifiedInstant = verified ? registration.VerifiedInstant ?? now : null,
        };
    }

    private GroupMember? Member(GroupMember? member, Guid userId, Errors errors)
    {
        if (member is not null && snapshot.Find<Group>(member.GroupId) is { } group && group.TenantId == tenant.Id)
            return member with { Id = member.Id ?? Guid.CreateVersion7(), InsertInstant = member.InsertInstant ?? now, UserId = userId };
        errors.Add("memberships.groupId", "invalid", "The membership must name a group of the tenant.");
        return null;
    }

    private static UserLogins Logins(User user)
    {
        var byApplication = user.Registrations.Where(r => r is { ApplicationId: not null, LastLoginInstant: not null })
            .DistinctBy(r => r.ApplicationId).Select(r => KeyValuePair.Create(r.ApplicationId!.Value, r.LastLoginInstant!.Value)).ToArray();
        return user.LastLoginInstant is null && byApplication.Length == 0 ? UserLogins.None
            : UserLogins.None with { LastLoginInstant = user.LastLoginInstant, ByApplication = UserLogins.None.ByApplication.AddRange(byApplication) };
    }
}
