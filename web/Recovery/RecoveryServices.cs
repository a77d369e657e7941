namespace OrleansAuth.Recovery;

/// <summary>Services and endpoints of the slice, for the web tier's list.</summary>
internal static class RecoveryServices
{
    public static IServiceCollection AddRecovery(this IServiceCollection services) => services
        .AddSingleton<PasswordRecovery>()
        .AddSingleton<OneTimeLogin>();

    public static void MapRecovery(this IEndpointRouteBuilder routes)
    {
        routes.MapForgotPassword();
        routes.MapChangePassword();
    }
}
