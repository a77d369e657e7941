using Microsoft.AspNetCore.DataProtection;
using OrleansAuth.Administration;
using OrleansAuth.Applications;
using OrleansAuth.Audit;
using OrleansAuth.Entities;
using OrleansAuth.Forms;
using OrleansAuth.Groups;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Keys;
using OrleansAuth.Mail;
using OrleansAuth.Messages;
using OrleansAuth.Mfa;
using OrleansAuth.OAuth;
using OrleansAuth.Operations;
using OrleansAuth.Passwordless;
using OrleansAuth.Recovery;
using OrleansAuth.Setup;
using OrleansAuth.Storage.Groups;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Tokens;
using OrleansAuth.UserActions;
using OrleansAuth.Users;
using OrleansAuth.Verification;
using OrleansAuth.WebAuthn;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Common;

/// <summary>The web tier's services, the way of a request, and the list of its endpoint groups.</summary>
internal static class WebTier
{
    public static IServiceCollection AddWebTier(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddRazorPages();
        services.AddSingleton<IDataProtectionProvider>(provider => new FormProtection(provider.GetRequiredService<SecretBox>()));
        services.AddAntiforgery(options => options.Cookie.Name = FormProtection.CookieName);
        return services
            .AddSingleton<PublicAddress>()
            .AddSingleton<Pipeline>()
            .AddSingleton<Kickstart>()
            .AddSingleton<SetupToken>()
            .AddSingleton<Start>()
            .AddSingleton<AdministratorSession>()
            .AddSingleton<GroupMembers>()
            .AddSingleton<PendingDeliveries>()
            .AddSingleton<OpenApiDocument>()
            .AddLogs()
            .AddRequestSpans()
            .AddThemes()
            .AddTokens()
            .AddOAuth()
            .AddHostedPages()
            .AddEntities()
            .AddRecovery()
            .AddSecondFactors()
            .AddVerification()
            .AddPasskeys()
            .AddIdentityProviders()
            .AddUsers();
    }

    public static void UseWebTier(this WebApplication app)
    {
        app.UseRequestSpans();
        app.UseSecurityHeaders();
        app.UseDrain();
        app.UseMiddleware<ProblemPages>();
        app.UseMiddleware<Failures>();
        app.Use(app.Services.GetRequiredService<Pipeline>().Gate);
        app.UseMiddleware<ClientOrigins>();
        app.UseRouting();
        app.UseMiddleware<ApiAuthentication>();
        app.UseMiddleware<FormOrigins>();
        app.MapApi();
        app.MapAssets();
        app.MapThemeAssets();
        app.MapRazorPages();
    }

    private static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.Slice("Operations").MapSystem();
        routes.Slice("Operations").MapSystemConfiguration();
        routes.Slice("Audit").MapLogs();
        routes.Slice("Operations").MapHealth();
        routes.Slice("Operations").MapMetrics();
        routes.Slice("Tenants").MapTenants();
        routes.Slice("Applications").MapApplications();
        routes.Slice("Groups").MapGroups();
        routes.Slice("Groups").MapGroupMembers();
        routes.Slice("Entities").MapEntitySlice();
        routes.Slice("Keys").MapKeys();
        routes.Slice("Keys").MapApiKeys();
        routes.Slice("Themes").MapThemes();
        routes.Slice("Forms").MapForms();
        routes.Slice("Mail").MapMailSlice();
        routes.Slice("Messages").MapMessages();
        routes.Slice("Webhooks").MapWebhooks();
        routes.Slice("Webhooks").MapWebhookEventLog();
        routes.Slice("Webhooks").MapWebhookDeliveries();
        routes.Slice("Users").MapUserSlice();
        routes.Slice("UserActions").MapUserActions();
        routes.Slice("Recovery").MapRecovery();
        routes.Slice("Mfa").MapSecondFactors();
        routes.Slice("Verification").MapVerification();
        routes.Slice("WebAuthn").MapPasskeySlice();
        routes.Slice("IdentityProviders").MapIdentityProviderSlice();
        routes.Slice("Passwordless").MapPasswordless();
        routes.Slice("Sessions").MapSessionsAndTokens();
        routes.Slice("OAuth").MapOAuth();
    }

    /// <summary>Names the slice that endpoints belong to, for the description of what is served.</summary>
    private static RouteGroupBuilder Slice(this IEndpointRouteBuilder routes, string name) => routes.MapGroup("").WithTags(name);
}
