using System.Text.Json.Nodes;
using OrleansAuth.Events;
using OrleansAuth.OAuth;

namespace OrleansAuth.IdentityProviders;

/// <summary>What receivers hear of somebody who comes by a provider.</summary>
public sealed class FederatedEventTests
{
    private const string Redirect = "https://client.example.com/from-corp";

    [Fact]
    public async Task The_first_login_tells_the_user_the_registration_the_link_and_the_login_each_once()
    {
        var world = await UserEventWorld.New(await FederationWorld.SharedServer);
        await using var provider = await WickedProvider.Start(world.Server.Time);
        var settings = FederationWorld.Settings(world.Application, provider.Issuer);
        var id = (Guid)(await world.Post("/api/identity-provider", new JsonObject { ["identityProvider"] = settings })).Is(200).Body["identityProvider"]!["id"]!;
        var person = FederationWorld.Somebody();
        (await LogIn(world, provider, id, person)).Is(200);
        Assert.Equal(
            [
                EventTypes.UserCreate, EventTypes.UserCreateComplete, EventTypes.UserIdentityProviderLink, EventTypes.UserLoginSuccess,
                EventTypes.UserRegistrationCreate, EventTypes.UserRegistrationCreateComplete,
            ],
            (await world.Types()).Order(StringComparer.Ordinal));
        var link = (await world.One(EventTypes.UserIdentityProviderLink))["identityProviderLink"]!;
        Assert.Equal((id, (string?)person["sub"], world.Tenant), ((Guid)link["identityProviderId"]!, (string?)link["identityProviderUserId"], (Guid)link["tenantId"]!));
        var login = await world.One(EventTypes.UserLoginSuccess);
        Assert.Equal((id, "Corp", "OPENID_CONNECT"), ((Guid)login["identityProviderId"]!, (string?)login["identityProviderName"], (string?)login["authenticationType"]));
        var told = string.Concat((await world.Told()).Select(e => e.ToJsonString()));
        Assert.DoesNotContain(WickedProvider.ClientSecret, told, StringComparison.Ordinal);
        Assert.DoesNotContain(provider.LastForm!["code"].ToString(), told, StringComparison.Ordinal);

        (await LogIn(world, provider, id, person)).Is(200);
        Assert.Single(await world.Told(EventTypes.UserIdentityProviderLink));
        Assert.Equal(2, (await world.Told(EventTypes.UserLoginSuccess)).Count);
    }

    private static Task<Common.Answer> LogIn(UserEventWorld world, WickedProvider provider, Guid id, JsonObject person)
    {
        var away = $"{provider.Issuer}/authorize?state=s&nonce=n&code_challenge={OAuthWorld.Challenge}&redirect_uri={Uri.EscapeDataString(Redirect)}";
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri(Redirect), provider.Approve(away, person)).Query)["code"];
        return world.Post("/api/identity-provider/login", new { applicationId = world.Application, identityProviderId = id, data = new { code, redirect_uri = Redirect, code_verifier = OAuthWorld.Verifier, nonce = "n" } });
    }
}
