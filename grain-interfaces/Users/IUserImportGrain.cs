using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Users;

/// <summary>
/// One import of many users, who bring the hashes of their passwords. It writes to the store directly and wakes no user:
/// those who are imported did not exist before.
/// </summary>
[Alias("user-import")]
public interface IUserImportGrain : IGrainWithStringKey
{
    /// <summary>
    /// Checks all users first, and stores none if one is wrong or exists already; the errors name users by position, such
    /// as <c>users[3].email</c>. Then stores them, some hundreds in a commit. Where somebody takes a name in between, the
    /// answer is the same kind of error, and users of other commits may be stored.
    /// </summary>
    [Alias("import")]
    Task<Outcome<ImportedUsers>> Import(ImportUsers command);
}

/// <param name="Users">A JSON array of users, with passwords or hashes.</param>
/// <param name="EncryptionScheme">The scheme of users who name none; null: their passwords are in the clear.</param>
/// <param name="Factor">The factor of users who name none.</param>
[GenerateSerializer, Immutable, Alias("user.import.v1")]
public sealed record ImportUsers(JsonText Users, string? EncryptionScheme, int? Factor, Actor Actor);

/// <param name="Count">Users that were stored.</param>
[GenerateSerializer, Immutable, Alias("user.imported.v1")]
public sealed record ImportedUsers(int Count);

/// <summary>How import grains are found.</summary>
public static class UserImportGrainKeys
{
    /// <summary>The only place that knows how the key is written: each import has a grain of its own.</summary>
    public static IUserImportGrain UserImport(this IGrainFactory grains, Guid tenantId, Guid importId) =>
        grains.GetGrain<IUserImportGrain>($"{tenantId:N}/{importId:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static Guid ReadTenant(string key) => Guid.ParseExact(key.AsSpan(0, 32), "N");
}
