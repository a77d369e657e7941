using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Entities;

/// <summary>Tokens that entities ask for themselves, as the token endpoint makes them.</summary>
public sealed class ClientCredentialsTests
{
    [Fact]
    public async Task A_token_says_who_asks_for_whom_and_what_is_allowed_and_nothing_else()
    {
        var world = await EntityWorld.New();
        var (caller, target) = (await world.NewEntity(), await world.NewEntity());
        await world.GrantEntity(EntityWorld.Id(target), EntityWorld.Id(caller), "write", "read");
        var scope = $"target-entity:{target["id"]}";
        var token = (await world.Token(caller, scope)).Value!;
        Assert.Equal((3600, "Bearer", scope), (token.ExpiresIn, token.TokenType, token.Scope));
        var (header, claims) = Parts(token.AccessToken);
        Assert.Equal(["alg", "gty", "kid", "typ"], header.Select(m => m.Key).Order());
        Assert.Equal(("JWT", "ES256", """["client_credentials"]"""), ((string?)header["typ"], (string?)header["alg"], header["gty"]!.ToJsonString()));
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "permissions", "scope", "sub", "tid"], claims.Select(m => m.Key).Order());
        Assert.Equal(((string?)target["id"], (string?)caller["id"], world.Tenant, scope), ((string?)claims["aud"], (string?)claims["sub"], (Guid)claims["tid"]!, (string?)claims["scope"]));
        Assert.Equal($$"""{"{{target["id"]}}":["read","write"]}""", claims["permissions"]!.ToJsonString());
        Assert.Equal(world.Server.Time.UtcNow.ToUnixTimeSeconds(), (long)claims["iat"]!);
        Assert.Equal((long)claims["iat"]! + 3600, (long)claims["exp"]!);
    }

    [Fact]
    public async Task Several_targets_and_some_of_the_permissions_can_be_asked_for()
    {
        var world = await EntityWorld.New();
        var (caller, first, second) = (await world.NewEntity(), await world.NewEntity(), await world.NewEntity());
        await world.GrantEntity(EntityWorld.Id(first), EntityWorld.Id(caller), "read", "write", "delete");
        await world.GrantEntity(EntityWorld.Id(second), EntityWorld.Id(caller));
        var (_, claims) = Parts((await world.Token(caller, $"target-entity:{first["id"]}:write  target-entity:{second["id"]} target-entity:{first["id"]}:read")).Value!.AccessToken);
        Assert.Equal($$"""["{{first["id"]}}","{{second["id"]}}"]""", claims["aud"]!.ToJsonString());
        Assert.Equal($$"""{"{{first["id"]}}":["read","write"],"{{second["id"]}}":[]}""", claims["permissions"]!.ToJsonString());
    }

    [Fact]
    public async Task Without_a_scope_the_token_is_for_the_entity_itself_and_with_a_thumbprint_it_is_bound()
    {
        var world = await EntityWorld.New();
        var caller = await world.NewEntity();
        var token = (await world.Token(caller, thumbprint: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")).Value!;
        var (_, claims) = Parts(token.AccessToken);
        Assert.Equal(("DPoP", null), (token.TokenType, token.Scope));
        Assert.Equal(["aud", "cnf", "exp", "iat", "iss", "jti", "sub", "tid"], claims.Select(m => m.Key).Order());
        Assert.Equal(((string?)caller["id"], (string?)caller["id"]), ((string?)claims["aud"], (string?)claims["sub"]));
        Assert.Equal("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""", claims["cnf"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_asks_for_more_than_was_granted_gets_nothing()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var (caller, target, closed, foreign) = (await world.NewEntity(), (await world.NewEntity())["id"], (await world.NewEntity())["id"], (await other.NewEntity())["id"]);
        await world.GrantEntity((Guid)target!, EntityWorld.Id(caller), "read");
        await Refused("invalid_target_entity_scope", $"target-entity:{closed}");
        await Refused("invalid_target_entity_scope", $"target-entity:{foreign}");
        await Refused("invalid_target_entity_scope", $"target-entity:{Guid.NewGuid()}");
        await Refused("invalid_target_entity_scope", $"target-entity:{target} target-entity:{closed}");
        await Refused("invalid_target_entity_scope", $"target-entity:{caller["id"]}");
        foreach (var permission in (string[])["write", "read,write", "no-such", "READ"])
            await Refused("invalid_entity_permission_scope", $"target-entity:{target}:{permission}");
        foreach (var scope in (string[])["openid", $"target-entity:{target} offline_access", "target-entity:", "target-entity:x", $"target-entity:{target}:", $"target-entity:{target}:read,", $"target-entity:{target}read", $"TARGET-ENTITY:{target}", "undefined"])
            await Refused("invalid_target_entity_scope", scope);
        await Refused("invalid_target_entity_scope", string.Join(' ', Enumerable.Range(0, 101).Select(_ => $"target-entity:{Guid.NewGuid()}")));
        Assert.NotNull((await world.Token(caller, $"target-entity:{target}:read")).Value);

        async Task Refused(string reason, string scope)
        {
            var answer = await world.Token(caller, scope);
            Assert.Null(answer.Value);
            Assert.Equal(("invalid_scope", reason), (answer.Error!.Error, answer.Error.Reason));
        }
    }

    [Fact]
    public async Task A_permission_with_colons_in_its_name_can_be_asked_for()
    {
        var world = await EntityWorld.New();
        (await world.Server.Post($"/api/entity/type/{world.Type}/permission", new { permission = new { name = "scim:user:read" } })).Is(200);
        var (caller, target) = (await world.NewEntity(), await world.NewEntity());
        await world.GrantEntity(EntityWorld.Id(target), EntityWorld.Id(caller), "read", "scim:user:read");
        var (_, claims) = Parts((await world.Token(caller, $"target-entity:{target["id"]}:scim:user:read")).Value!.AccessToken);
        Assert.Equal("""["scim:user:read"]""", claims["permissions"]![(string)target["id"]!]!.ToJsonString());
    }

    [Fact]
    public async Task A_wrong_secret_an_unknown_client_and_the_wrong_tenant_are_refused_alike()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var caller = await world.NewEntity();
        var expected = (await world.Token(caller, secret: "wrong")).Error;
        Assert.Equal(("invalid_client", "invalid_client_authentication"), (expected!.Error, expected.Reason));
        Assert.Equal(expected, (await world.Token(new JsonObject { ["clientId"] = Guid.NewGuid().ToString(), ["clientSecret"] = "x" })).Error);
        Assert.Equal(expected, (await world.Token(caller, tenant: other.Tenant)).Error);
        Assert.Equal("missing_client_secret", (await world.Token(caller, secret: "")).Error!.Reason);
        Assert.Equal("missing_client_id", (await world.Token([], secret: "x")).Error!.Reason);
        Assert.NotNull((await world.Token(caller, tenant: world.Tenant)).Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_changed_revoked_or_deleted_counts_at_once(bool onPostgres)
    {
        await using var server = await EntityWorld.NewServer(onPostgres);
        var world = await EntityWorld.New(server);
        var (caller, target) = (await world.NewEntity(), await world.NewEntity());
        var scope = $"target-entity:{target["id"]}";
        await world.GrantEntity(EntityWorld.Id(target), EntityWorld.Id(caller), "read", "write");
        Assert.NotNull((await world.Token(caller, scope + ":write")).Value);
        var second = await world.NewEntity();
        await world.GrantEntity(EntityWorld.Id(second), EntityWorld.Id(caller));
        Assert.NotNull((await world.Token(caller, $"{scope}:read,write target-entity:{second["id"]}")).Value);
        await world.GrantEntity(EntityWorld.Id(target), EntityWorld.Id(caller), "read");
        Assert.Equal("invalid_entity_permission_scope", (await world.Token(caller, scope + ":write")).Error!.Reason);
        (await world.Server.Delete($"/api/entity/{target["id"]}/grant?recipientEntityId={caller["id"]}")).Is(200);
        Assert.Equal("invalid_scope", (await world.Token(caller, scope)).Error!.Error);

        (await world.Server.Patch($"/api/entity/{caller["id"]}", """{"entity":{"clientSecret":"another secret"}}""")).Is(200);
        Assert.Equal("invalid_client", (await world.Token(caller)).Error!.Error);
        Assert.NotNull((await world.Token(caller, secret: "another secret")).Value);

        // Its successor under the same id has another secret, and is not let in with the old one.
        (await world.Server.Delete($"/api/entity/{caller["id"]}")).Is(200);
        Assert.Equal("invalid_client", (await world.Token(caller, secret: "another secret")).Error!.Error);
        (await world.Create(new { name = "N", type = new { id = world.Type }, clientSecret = "third secret" }, EntityWorld.Id(caller))).Is(200);
        Assert.Equal("invalid_client", (await world.Token(caller, secret: "another secret")).Error!.Error);
        Assert.NotNull((await world.Token(caller, secret: "third secret")).Value);
    }

    [Fact]
    public async Task The_type_of_the_target_says_how_long_and_with_which_key_and_no_second_target_makes_it_longer()
    {
        var server = await TestServer.Shared;
        var key = (await server.Post("/api/key/generate", new { key = new { name = $"K {Guid.NewGuid()}", algorithm = "ES384" } })).Is(200).Body["key"]!;
        var world = await EntityWorld.New(jwtConfiguration: new { enabled = true, accessTokenKeyId = (string)key["id"]!, timeToLiveInSeconds = 60 });
        var (caller, narrow, plain) = (await world.NewEntity(type: await EntityWorld.NewType(server)), await world.NewEntity(), await world.NewEntity(type: await EntityWorld.NewType(server, new { enabled = false, timeToLiveInSeconds = 5 })));
        await world.GrantEntity(EntityWorld.Id(narrow), EntityWorld.Id(caller), "read");
        await world.GrantEntity(EntityWorld.Id(plain), EntityWorld.Id(caller), "read");
        Assert.Equal((60, "ES384"), await Made($"target-entity:{narrow["id"]}"));
        Assert.Equal((3600, "ES256"), await Made($"target-entity:{plain["id"]}"));
        Assert.Equal((60, "ES256"), await Made($"target-entity:{plain["id"]} target-entity:{narrow["id"]}"));
        Assert.Equal((3600, "ES256"), await Made(null));

        async Task<(long, string?)> Made(string? scope)
        {
            var token = (await world.Token(caller, scope)).Value!;
            var (header, claims) = Parts(token.AccessToken);
            Assert.Equal(token.ExpiresIn, (long)claims["exp"]! - (long)claims["iat"]!);
            return (token.ExpiresIn, (string?)header["alg"]);
        }
    }

    [Fact]
    public async Task An_entity_may_look_into_tokens_that_are_its_own_or_for_it_and_no_others()
    {
        var (world, other) = (await EntityWorld.New(), await EntityWorld.New());
        var (caller, target, neighbour, foreign) = (await world.NewEntity(), await world.NewEntity(), await world.NewEntity(), await other.NewEntity());
        await world.GrantEntity(EntityWorld.Id(target), EntityWorld.Id(caller), "read");
        var token = (await world.Token(caller, $"target-entity:{target["id"]}")).Value!.AccessToken;
        foreach (var insider in (JsonObject[])[caller, target])
        {
            var answer = (await Introspect(insider, token)).Is(200).Body;
            Assert.True((bool)answer["active"]!);
            Assert.Equal((string?)caller["id"], (string?)answer["sub"]);
        }

        foreach (var outsider in (JsonObject[])[neighbour, foreign]) (await Introspect(outsider, token)).Is(401);
        Assert.False((bool)(await Introspect(target, token + "x")).Is(200).Body["active"]!);
        (await Introspect(new JsonObject { ["clientId"] = (string?)target["clientId"], ["clientSecret"] = "wrong" }, token)).Is(401);

        Task<Common.Answer> Introspect(JsonObject client, string text) => world.Server.Send(
            HttpMethod.Post, "/oauth2/introspect", $"token={text}&client_id={client["clientId"]}&client_secret={Uri.EscapeDataString((string)client["clientSecret"]!)}", key: "", contentType: "application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task An_entitys_token_opens_nothing_that_is_for_users()
    {
        var world = await EntityWorld.New();
        // Even the id of a user in it makes no user of an entity.
        var user = await world.NewUser();
        var caller = (JsonObject)(await world.Create(new { name = "N", type = new { id = world.Type } }, user)).Is(200).Body["entity"]!;
        var target = await world.NewEntity();
        await world.GrantEntity(EntityWorld.Id(target), user, "read");
        foreach (var scope in (string?[])[null, $"target-entity:{target["id"]}"])
        {
            var token = (await world.Token(caller, scope)).Value!.AccessToken;
            Assert.Null(world.Server.Services.GetRequiredService<IAccessTokenVerifier>().Verify(token, world.Server.Services.GetRequiredService<ConfigurationReader>().Current));
            foreach (var path in (string[])["/api/user", "/api/jwt/validate", $"/api/jwt/issue?applicationId={Guid.NewGuid()}"])
                (await world.Server.Send(HttpMethod.Get, path, bearer: token)).Is(401);
        }
    }

    private static (JsonObject Header, JsonObject Claims) Parts(string token)
    {
        var parts = token.Split('.');
        return (Json(parts[0]), Json(parts[1]));

        static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(text))!;
    }
}
