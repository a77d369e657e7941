namespace OrleansAuth.Verification;

/// <summary>Services and endpoints of the slice, for the web tier's list.</summary>
internal static class VerificationServices
{
    public static IServiceCollection AddVerification(this IServiceCollection services) => services
        .AddSingleton<Verifications>()
        .AddSingleton<Forms.FormProofs>()
        .AddSingleton<WaitingUsers>();

    public static void MapVerification(this IEndpointRouteBuilder routes)
    {
        routes.MapVerifyEmail();
        routes.MapIdentityVerify();
    }
}
