using OrleansAuth.Storage.IdentityProviders;

namespace OrleansAuth.IdentityProviders;

/// <summary>Services and endpoints of the slice.</summary>
internal static class IdentityProviderServices
{
    public static IServiceCollection AddIdentityProviders(this IServiceCollection services) => services
        .AddSingleton<LinkQueries>()
        .AddSingleton<PendingLinks>()
        .AddSingleton<ProviderChoice>()
        .AddSingleton<UpstreamLogins>();

    public static void MapIdentityProviderSlice(this IEndpointRouteBuilder routes)
    {
        routes.MapIdentityProviders();
        routes.MapIdentityProviderLogin();
        routes.MapIdentityProviderLinks();
    }
}
