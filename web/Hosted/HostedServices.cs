namespace OrleansAuth.Hosted;

/// <summary>Services of the hosted pages, for the web tier's list.</summary>
internal static class HostedServices
{
    public static IServiceCollection AddHostedPages(this IServiceCollection services) => services
        .AddSingleton<BrowserSessions>()
        .AddSingleton<LoginIntents>()
        .AddSingleton<NewAccounts>()
        .AddSingleton<LoginPages>();
}
