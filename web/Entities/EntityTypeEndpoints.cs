using OrleansAuth.Configuration;

namespace OrleansAuth.Entities;

/// <summary>Types of entities with their permissions. They belong to no tenant.</summary>
internal static class EntityTypeEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.EntityTypes, "/api/entity/type");

    public static void MapEntityTypes(this IEndpointRouteBuilder routes)
    {
        Routes.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        new ItemRoutes(Routes, "permissions", "permission").Map(routes, readable: false, removeByName: false);
    }
}
