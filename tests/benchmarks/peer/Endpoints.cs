using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>The calls that the benchmark makes of the peer.</summary>
internal static class Endpoints
{
    public static void MapPeer(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/floor", () => TypedResults.Ok());
        routes.MapPost("/register", Register);
        routes.MapPost("/login", Login);
        routes.MapPost("/refresh", Refresh);
        routes.MapGet("/validate", Validate).RequireAuthorization();
    }

    private static async Task<Results<Ok<Registered>, BadRequest<IEnumerable<IdentityError>>>> Register(
        Registration request, UserManager<PeerUser> users)
    {
        var user = new PeerUser { UserName = request.Email, Email = request.Email };
        if (request.Iterations is { } iterations) user.Iterations = iterations;
        var result = await users.CreateAsync(user, request.Password);
        return result.Succeeded ? TypedResults.Ok(new Registered(user.Id)) : TypedResults.BadRequest(result.Errors);
    }

    private static async Task<Results<Ok<Session>, UnauthorizedHttpResult>> Login(
        Credentials request, SignInManager<PeerUser> signIn, ISessions sessions, Tokens tokens)
    {
        var user = await signIn.UserManager.FindByNameAsync(request.Email);
        if (user is null) return TypedResults.Unauthorized();

        var result = await signIn.CheckPasswordSignInAsync(user, request.Password, lockoutOnFailure: true);
        if (!result.Succeeded) return TypedResults.Unauthorized();

        var principal = await signIn.CreateUserPrincipalAsync(user);
        return TypedResults.Ok(new Session(tokens.Access(principal), await sessions.Start(user)));
    }

    private static async Task<Results<Ok<Session>, UnauthorizedHttpResult>> Refresh(
        Refreshing request, SignInManager<PeerUser> signIn, ISessions sessions, Tokens tokens)
    {
        if (await sessions.Continue(request.RefreshToken) is not var (user, next)) return TypedResults.Unauthorized();
        var principal = await signIn.CreateUserPrincipalAsync(user);
        return TypedResults.Ok(new Session(tokens.Access(principal), next));
    }

    private static Ok<Dictionary<string, string>> Validate(ClaimsPrincipal user) =>
        TypedResults.Ok(user.Claims.GroupBy(claim => claim.Type).ToDictionary(same => same.Key, same => same.First().Value));
}

internal sealed record Registration(string Email, string Password, int? Iterations);

internal sealed record Registered(string Id);

internal sealed record Credentials(string Email, string Password);

internal sealed record Session(string Token, string RefreshToken);

internal sealed record Refreshing(string RefreshToken);
