using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Tokens;

/// <summary>Services and endpoints of the slices Sessions and Tokens, for the web tier's list.</summary>
internal static class TokenServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services) => services
        .AddSingleton<TokenIssuer>()
        .AddSingleton<TokenVerifier>()
        .AddSingleton<IAccessTokenVerifier>(provider => provider.GetRequiredService<TokenVerifier>())
        .AddSingleton<SessionReader>()
        .AddSingleton<LoginRecordReader>();

    public static void MapSessionsAndTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapLogins();
        routes.MapLogout();
        routes.MapLoginRecords();
        routes.MapTokens();
        routes.MapVend();
        routes.MapRefreshTokens();
        routes.MapRefreshTokenImport();
        routes.MapPublicKeys();
    }
}
