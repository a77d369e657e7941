using OrleansAuth.Storage.WebAuthn;

namespace OrleansAuth.WebAuthn;

/// <summary>Services and endpoints of the slice, for the web tier's list.</summary>
internal static class PasskeyServices
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services) => services
        .AddSingleton<RelyingParties>()
        .AddSingleton<PasskeyQueries>()
        .AddSingleton<PasskeyChallenges>()
        .AddSingleton<PasskeyDecoys>()
        .AddSingleton<PasskeyCeremonies>()
        .AddSingleton<HostedPasskeys>();

    public static void MapPasskeySlice(this IEndpointRouteBuilder routes)
    {
        routes.MapPasskeys();
        routes.MapPasskeyLogins();
        routes.MapPasskeyImport();
        routes.MapHostedPasskeys();
    }
}
