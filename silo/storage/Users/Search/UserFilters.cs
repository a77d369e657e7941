namespace OrleansAuth.Storage.Users.Search;

/// <summary>Filters as both query languages make them.</summary>
internal static class UserFilters
{
    /// <summary>A field matches what was written, in the way of its kind.</summary>
    /// <exception cref="UserQueryException">The value is not one of the field's.</exception>
    public static UserFilter Match(UserField field, string written, bool wild) => field.Kind switch
    {
        UserFieldKind.Name or UserFieldKind.Words or UserFieldKind.List => new UserFilter.Text(field, new TextPattern(written.ToLowerInvariant(), wild)),
        UserFieldKind.Day when wild => new UserFilter.Text(field, new TextPattern(written, wild)),
        UserFieldKind.Id when !Guid.TryParse(written, out _) => new UserFilter.Some([]),
        _ => new UserFilter.Equal(field, field.Value(written)),
    };
}
