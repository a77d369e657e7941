using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

/// <summary>Services and endpoints of the users slice, for the web tier's list.</summary>
internal static class UserServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services) => services
        .AddSingleton<UserQueries>()
        .AddSingleton<UserComments>()
        .AddSingleton<UserSearchToken>()
        .AddSingleton<UserLookup>()
        .AddSingleton<Sessions.LoginLookup>()
        .AddSingleton<FirstToken>();

    public static void MapUserSlice(this IEndpointRouteBuilder routes)
    {
        routes.MapUsers();
        routes.MapRegistrations();
        routes.MapUserSearch();
        routes.MapUserBulk();
        routes.MapUserComments();
        routes.MapRecentLogins();
    }
}
