namespace OrleansAuth.Mfa;

/// <summary>Services and endpoints of the slice, for the web tier's list.</summary>
internal static class MfaServices
{
    public static IServiceCollection AddSecondFactors(this IServiceCollection services) => services
        .AddSingleton<FactorChallenges>()
        .AddSingleton<FactorSteps>();

    public static void MapSecondFactors(this IEndpointRouteBuilder routes)
    {
        routes.MapTwoFactor();
        routes.MapTwoFactorStatus();
        routes.MapUserTwoFactor();
    }
}
