namespace OrleansAuth.OAuth;

/// <summary>Services and endpoints of the slice OAuth, for the web tier's list.</summary>
internal static class OAuthServices
{
    public static IServiceCollection AddOAuth(this IServiceCollection services) => services
        .AddSingleton<AuthorizationRequests>()
        .AddSingleton<AuthorizationCodes>()
        .AddSingleton<AuthorizationAnswers>()
        .AddSingleton<AuthorizationFlow>()
        .AddSingleton<PushedRequests>()
        .AddSingleton<IdTokenIssuer>()
        .AddSingleton<IdTokenHints>()
        .AddSingleton<LogoutRequests>()
        .AddSingleton<TokenAnswers>()
        .AddSingleton<TokenGrants>()
        .AddSingleton<CodeGrant>()
        .AddSingleton<RefreshGrant>()
        .AddSingleton<PasswordGrant>()
        .AddSingleton<GuessLimits>()
        .AddSingleton<DeviceCodes>()
        .AddSingleton<DevicePolls>()
        .AddSingleton<DeviceGrant>()
        .AddSingleton<DpopProofs>();

    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapTokenEndpoint();
        routes.MapIntrospection();
        routes.MapRevocation();
        routes.MapUserInfo();
        routes.MapDiscovery();
        routes.MapDevices();
        routes.MapPushedRequests();
    }
}
