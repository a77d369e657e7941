using OrleansAuth.Configuration;

namespace OrleansAuth.Forms;

/// <summary>Forms and the fields they are made of.</summary>
internal static class FormEndpoints
{
    private static readonly ConfigurationRoutes Fields = new(Families.FormFields, "/api/form/field");
    private static readonly ConfigurationRoutes Forms = new(Families.Forms, "/api/form");

    public static void MapForms(this IEndpointRouteBuilder routes)
    {
        Fields.MapCreate(routes).MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        Forms.MapCreate(routes).MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
    }
}
