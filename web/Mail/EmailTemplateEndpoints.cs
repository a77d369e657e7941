using OrleansAuth.Configuration;

namespace OrleansAuth.Mail;

/// <summary>E-mail templates, and what is sent by them.</summary>
internal static class EmailTemplateEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.EmailTemplates, "/api/email/template") { SharedByTenants = true };

    public static void MapMailSlice(this IEndpointRouteBuilder routes)
    {
        Routes.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        routes.MapTemplatePreviews();
        routes.MapEmails();
    }
}
