using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Entities;

/// <summary>A tenant of its own with a type whose permissions are read (the default), write and delete.</summary>
internal sealed record EntityWorld(TestServer Server, Guid Tenant, Guid Type)
{
    /// <summary>A server of one's own, on either database.</summary>
    public static async Task<TestServer> NewServer(bool onPostgres) => await TestServer.Start(settings: onPostgres
        ? [$"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"]
        : []);

    public static async Task<EntityWorld> New(TestServer? on = null, object? jwtConfiguration = null)
    {
        var server = on ?? await TestServer.Shared;
        return new EntityWorld(server, await server.NewTenant(), await NewType(server, jwtConfiguration));
    }

    public static async Task<Guid> NewType(TestServer server, object? jwtConfiguration = null)
    {
        var permissions = new[] { new { name = "read", isDefault = true }, new { name = "write", isDefault = false }, new { name = "delete", isDefault = false } };
        return (Guid)(await server.Post("/api/entity/type", new { entityType = new { name = $"Type {Guid.NewGuid()}", permissions, jwtConfiguration } })).Is(200).Body["entityType"]!["id"]!;
    }

    public Task<Answer> Create(object entity, Guid? id = null, Guid? tenant = null) =>
        Server.Post(id is null ? "/api/entity" : $"/api/entity/{id}", new { entity }, tenant: tenant ?? Tenant);

    public async Task<JsonObject> NewEntity(string name = "An entity", Guid? type = null) =>
        (JsonObject)(await Create(new { name, type = new { id = type ?? Type } })).Is(200).Body["entity"]!;

    public async Task<Guid> NewUser() =>
        (Guid)(await Server.Post("/api/user", new { user = new { email = $"{Guid.NewGuid():N}@example.com", password = "a password of the tests" } }, tenant: Tenant)).Is(200).Body["user"]!["id"]!;

    public Task<Answer> Grant(Guid on, object grant) => Server.Post($"/api/entity/{on}/grant", new { grant }, tenant: Tenant);

    public async Task GrantEntity(Guid on, Guid to, params string[] permissions) => (await Grant(on, new { recipientEntityId = to, permissions })).Is(200);

    /// <summary>The permissions that the grant holds now, between blanks, or null where there is no grant.</summary>
    public async Task<string?> Held(Guid on, string recipient) =>
        (await Server.Get($"/api/entity/{on}/grant?{recipient}", tenant: Tenant)) is { Status: System.Net.HttpStatusCode.OK } found
            ? string.Join(' ', ((JsonArray)found.Body["grant"]!["permissions"]!).Select(p => (string)p!))
            : null;

    /// <summary>Asks for a token as the token endpoint does.</summary>
    public async Task<OAuthOutcome<EntityToken>> Token(JsonObject client, string? scope = null, string? secret = null, Guid? tenant = null, string? thumbprint = null) =>
        await Server.Services.GetRequiredService<ClientCredentialsGrant>().Answer(
            new ClientCredentialsRequest((string?)client["clientId"], secret ?? (string?)client["clientSecret"], scope) { TenantId = tenant, DPoPThumbprint = thumbprint },
            Server.Services.GetRequiredService<ConfigurationReader>().Current);

    public static Guid Id(JsonObject entity) => (Guid)entity["id"]!;
}
