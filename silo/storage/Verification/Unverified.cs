namespace OrleansAuth.Storage.Verification;

/// <summary>Finds what has waited long to be verified. Whether it may go is for the user's grain to say.</summary>
public static class Unverified
{
    private const string Users =
        "select id, insert_instant from user_search where verified = false and email is not null and tenant_id = @tenant and insert_instant <= @before and (insert_instant, id) > (@since, @after) order by insert_instant, id limit @limit";

    private const string Registrations =
        "select user_id as id, insert_instant from user_registration where verified = false and application_id = @application and insert_instant <= @before and (insert_instant, user_id) > (@since, @after) order by insert_instant, user_id limit @limit";

    /// <summary>Users of a tenant who were there by an instant, milliseconds since 1970, and whose e-mail is not verified; the oldest first.</summary>
    /// <param name="after">Where to go on: the last one of the page before; default for the first page.</param>
    public static Task<IReadOnlyList<UnverifiedRow>> FindUsers(IStoreReader store, Guid tenantId, long before, UnverifiedRow after, int limit, CancellationToken stop) =>
        store.Query(Users, Read, stop, ("tenant", tenantId), ("before", before), ("since", after.InsertInstant), ("after", after.UserId), ("limit", (long)limit));

    /// <summary>The same for registrations for an application.</summary>
    public static Task<IReadOnlyList<UnverifiedRow>> FindRegistrations(IStoreReader store, Guid applicationId, long before, UnverifiedRow after, int limit, CancellationToken stop) =>
        store.Query(Registrations, Read, stop, ("application", applicationId), ("before", before), ("since", after.InsertInstant), ("after", after.UserId), ("limit", (long)limit));

    private static UnverifiedRow Read(IRow row) => new(row.Guid("id"), row.Long("insert_instant"));
}

/// <param name="InsertInstant">Milliseconds since 1970.</param>
public readonly record struct UnverifiedRow(Guid UserId, long InsertInstant);
