using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Storage;

namespace OrleansAuth.Common;

/// <summary>What nobody should send is refused in the contract's form, quickly, and leaves no trace in the store.</summary>
[Collection(Undisturbed.Name)]
public sealed class BadInputTests
{
    /// <summary>The machine may be busy with other tests, so the best of a few attempts counts.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100);

    private const int Attempts = 20;

    private static readonly string[] Endpoints =
    [
        "POST /api/tenant tenant", "PUT /api/tenant/{tenant} tenant", "PATCH /api/tenant/{tenant} tenant", "POST /api/tenant/search search",
        "POST /api/application application", "PUT /api/application/{application} application", "PATCH /api/application/{application} application",
        "POST /api/application/{application}/role role", "POST /api/application/{application}/scope scope", "POST /api/group group",
        "POST /api/key/generate key", "POST /api/key/import key", "POST /api/api-key apiKey", "POST /api/user user",
        "POST /api/user/registration user", "POST /api/login login", "POST /api/entity/type entityType", "POST /api/entity entity",
        "POST /api/entity/search search",
    ];

    private static readonly Lazy<Task<World>> OneWorld = new(World.New);

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var endpoint in Endpoints)
            foreach (var body in Bodies.Keys) data.Add(endpoint, body);
        return data;
    }

    private static readonly Dictionary<string, Func<string, byte[]>> Bodies = new()
    {
        ["broken"] = name => Utf8($$"""{"{{name}}":{"name":"x" """),
        ["trailing"] = name => Utf8($$$"""{"{{{name}}}":{"name":"x"}} and more"""),
        ["a list"] = _ => "[]"u8.ToArray(),
        ["a text"] = _ => "\"text\""u8.ToArray(),
        ["null"] = _ => "null"u8.ToArray(),
        ["wrapped text"] = name => Utf8($$"""{"{{name}}":"text"}"""),
        ["wrapped list"] = name => Utf8($$"""{"{{name}}":[1]}"""),
        ["name of a wrong type"] = name => Utf8($$$$"""{"{{{{name}}}}":{"name":{"a":1},"email":["x"],"loginId":{}},"loginId":[1],"password":{}}"""),
        ["invalid UTF-8"] = name => [.. Utf8($$"""{"{{name}}":{"name":" """), 0xC3, 0x28, .. "\"}}"u8],
        ["half of a surrogate pair"] = name => Utf8($$$"""{"{{{name}}}":{"name":"\ud800","data":{"a":"\udc00"}},"loginId":"\ud800"}"""),
        ["half of a surrogate pair in a name"] = name => Utf8($$$$"""{"{{{{name}}}}":{"name":"x","data":{"\ud800":1}}}"""),
        ["a member twice"] = name => Utf8($$$$"""{"{{{{name}}}}":{"name":"x","name":"y","data":{"a":1,"a":2}}}"""),
        ["deep lists"] = _ => Utf8(new string('[', 100_000)),
        ["deep objects"] = name => Utf8($$"""{"{{name}}":""" + string.Concat(Enumerable.Repeat("{\"data\":", 100_000))),
        ["deep and closed"] = name => Utf8($$"""{"{{name}}":{"name":"x","data":""" + string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 72)),
        ["too large"] = name => Utf8($$"""{"{{name}}":{"name":"x","data":{"a":" """ + new string('x', 1024 * 1024) + "\"}}}"),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_refused_quickly_and_nothing_is_stored(string endpoint, string body)
    {
        var world = await OneWorld.Value;
        var parts = endpoint.Split(' ');
        var path = parts[1].Replace("{tenant}", world.Tenant.ToString(), StringComparison.Ordinal).Replace("{application}", world.Application.ToString(), StringComparison.Ordinal);
        // A search without criteria is a search all the same.
        if (parts[2] == "search" && body is "name of a wrong type") return;
        var before = await world.Stored();
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts && best > Quick; attempt++)
        {
            var watch = Stopwatch.StartNew();
            var (status, type, text) = await world.Send(new HttpMethod(parts[0]), path, new ByteArrayContent(Bodies[body](parts[2])));
            if (watch.Elapsed < best) best = watch.Elapsed;
            Assert.True(status == HttpStatusCode.BadRequest, $"{(int)status}: {text}");
            Assert.StartsWith("application/json", type, StringComparison.Ordinal);
            var answer = (JsonObject)JsonNode.Parse(text)!;
            Assert.All(answer, member => Assert.Contains(member.Key, (string[])["fieldErrors", "generalErrors"]));
            Assert.NotEmpty(answer);
        }

        Assert.True(best <= Quick, $"It took {best.TotalMilliseconds} ms.");
        Assert.Equal(before, await world.Stored());
    }

    [Fact]
    public async Task A_large_body_in_chunks_is_refused_like_one_that_says_its_size()
    {
        var world = await OneWorld.Value;
        var before = await world.Stored();
        var content = new StreamContent(new MemoryStream(Bodies["too large"]("tenant")));
        content.Headers.ContentLength = null;
        var (status, _, text) = await world.Send(HttpMethod.Post, "/api/tenant", content, chunked: true);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("[tooLarge]", text, StringComparison.Ordinal);
        Assert.Equal(before, await world.Stored());
    }

    [Theory]
    [InlineData("POST", "/api/tenant", """{"tenant":{"name":"x","jwtConfiguration":{"timeToLiveInSeconds":99999999999999999999999}}}""", "tenant.jwtConfiguration.timeToLiveInSeconds")]
    [InlineData("POST", "/api/tenant", """{"tenant":{"name":"x","jwtConfiguration":{"timeToLiveInSeconds":1e308}}}""", "tenant.jwtConfiguration.timeToLiveInSeconds")]
    [InlineData("POST", "/api/tenant", """{"tenant":{"name":"x","failedAuthenticationConfiguration":{"actionDuration":-9223372036854775808}}}""", "tenant.failedAuthenticationConfiguration.actionDuration")]
    [InlineData("POST", "/api/tenant/search", """{"search":{"startRow":99999999999999999999}}""", "search.startRow")]
    [InlineData("POST", "/api/key/generate", """{"key":{"name":"x","algorithm":"RS256","length":2147483647}}""", "key.length")]
    [InlineData("POST", "/api/api-key", """{"apiKey":{"expirationInstant":1e99}}""", "apiKey.expirationInstant")]
    [InlineData("POST", "/api/tenant", """{"tenant":{"name":"x","id":"x"}}""", "tenant.id")]
    [InlineData("POST", "/api/application", """{"application":{"name":"x","id":7}}""", "application.id")]
    public async Task Numbers_and_ids_that_do_not_fit_are_refused_by_name(string method, string path, string body, string field)
    {
        var world = await OneWorld.Value;
        var before = await world.Stored();
        Assert.NotNull((await world.Server.Send(new HttpMethod(method), path, body, tenant: path.Contains("application", StringComparison.Ordinal) ? world.Tenant : null)).Is(400).FieldError(field));
        Assert.Equal(before, await world.Stored());
    }

    [Theory]
    [InlineData("GET", "/api/no-such-thing", 404)]
    [InlineData("GET", "/no/such/page", 404)]
    [InlineData("GET", "/api/tenant/not-a-uuid", 404)]
    [InlineData("PUT", "/api/tenant/1", 404)]
    [InlineData("GET", "/api/application/00000000-0000-0000-0000-00000000000g", 404)]
    [InlineData("DELETE", "/api/application/3c219e58-ed0e-4b18-ad48-f4f92793ae32/role/x", 404)]
    [InlineData("GET", "/api/key/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("DELETE", "/api/tenant", 405)]
    [InlineData("PUT", "/api/tenant", 405)]
    [InlineData("PATCH", "/api/key/3c219e58-ed0e-4b18-ad48-f4f92793ae32", 405)]
    [InlineData("BREW", "/api/tenant", 405)]
    [InlineData("GET", "/api/login", 405)]
    public async Task What_does_not_exist_is_answered_without_a_body(string method, string path, int status)
    {
        var server = await TestServer.Shared;
        foreach (var key in (string?[])[null, ""])
        {
            var answer = (await server.Send(new HttpMethod(method), path, method is "GET" ? null : "{}", key)).Is(status);
            Assert.Equal("", answer.Text);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_strange_content_type_changes_nothing(string type)
    {
        var server = await TestServer.Shared;
        var name = $"Strange {Guid.NewGuid()}";
        var id = (Guid)(await server.Send(HttpMethod.Post, "/api/tenant", $$$"""{"tenant":{"name":"{{{name}}}"}}""", contentType: type)).Is(200).Body["tenant"]!["id"]!;
        (await server.Send(HttpMethod.Patch, $"/api/tenant/{id}", """{"tenant":{"issuer":"x.example"}}""", contentType: type)).Is(200);
        (await server.Send(HttpMethod.Post, "/api/tenant", "name=x&issuer=y", contentType: "application/x-www-form-urlencoded")).Is(400);
    }

    [Fact]
    public async Task Ten_thousand_roles_are_answered_quickly()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        var id = await server.NewApplication(tenant);
        var roles = new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => (JsonNode)new JsonObject { ["name"] = $"role {i}" })]);
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts && best > 2 * Quick; attempt++)
        {
            var watch = Stopwatch.StartNew();
            (await server.Put($"/api/application/{id}", new JsonObject { ["application"] = new JsonObject { ["name"] = $"Many {id}", ["roles"] = roles.DeepClone() } })).Is(400);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }

        Assert.True(best <= 2 * Quick, $"It took {best.TotalMilliseconds} ms.");
        Assert.Equal(2, ((JsonArray)(await server.Get($"/api/application/{id}")).Body["application"]!["roles"]!).Count);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private sealed record World(TestServer Server, HttpClient Http, Guid Tenant, Guid Application)
    {
        public static async Task<World> New()
        {
            var server = await TestServer.Start();
            var tenant = await server.NewTenant();
            var world = new World(server, new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Url }, tenant, await server.NewApplication(tenant));
            foreach (var endpoint in Endpoints) // the first request of each kind pays for what the runtime does once
            {
                var parts = endpoint.Split(' ');
                await world.Send(new HttpMethod(parts[0]), parts[1].Replace("{tenant}", tenant.ToString(), StringComparison.Ordinal).Replace("{application}", world.Application.ToString(), StringComparison.Ordinal), new ByteArrayContent("[]"u8.ToArray()));
            }

            return world;
        }

        public async Task<(HttpStatusCode Status, string Type, string Text)> Send(HttpMethod method, string path, HttpContent content, bool chunked = false)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            request.Headers.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
            request.Headers.TransferEncodingChunked = chunked ? true : null;
            if (!path.StartsWith("/api/tenant", StringComparison.Ordinal)) request.Headers.Add("X-FusionAuth-TenantId", Tenant.ToString());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await Http.SendAsync(request);
            return (answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", await answer.Content.ReadAsStringAsync());
        }

        public async Task<string> Stored()
        {
            var store = Server.Services.GetRequiredService<IStore>();
            var rows = await store.Query("select (select count(*) from state) as states, (select sum(version) from state) as versions, (select count(*) from claim) as claims, (select count(*) from audit_log) as audits",
                row => $"{row.Long("states")} {row.Long("versions")} {row.Long("claims")} {row.Long("audits")}");
            return rows[0];
        }
    }
}
