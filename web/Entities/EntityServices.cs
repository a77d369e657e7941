using OrleansAuth.OAuth;
using OrleansAuth.Storage.Entities;

namespace OrleansAuth.Entities;

/// <summary>Services and endpoints of the entities slice, for the web tier's list.</summary>
internal static class EntityServices
{
    public static IServiceCollection AddEntities(this IServiceCollection services) => services
        .AddSingleton<EntityQueries>()
        .AddSingleton<EntityGrants>()
        .AddSingleton<EntityClients>()
        .AddSingleton<ClientCredentialsGrant>();

    public static void MapEntitySlice(this IEndpointRouteBuilder routes)
    {
        routes.MapEntityTypes();
        routes.MapEntities();
        routes.MapEntitySearch();
        routes.MapEntityGrants();
    }
}
