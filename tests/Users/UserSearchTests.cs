using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

public class UserSearchTests : IClassFixture<UserSearchTests.World>
{
    private readonly World _world;

    public UserSearchTests(World world) => _world = world;

    public class World : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;
        public Guid Tenant { get; private set; }
        public Guid Application { get; private set; }

        public async Task InitializeAsync()
        {
            Server = await Serve();
            Tenant = await Server.NewTenant();
            Application = await Server.NewApplication(Tenant);
            await Import("ada@example.com", new { username = "Countess_1", firstName = "Ada", lastName = "Lovelace", birthDate = "1815-12-10", active = true, data = new { hobby = "Looms" } });
            await Import("grace@example.com", new { fullName = "Grace Hopper", birthDate = "1906-12-09", active = true, lastLoginInstant = 1_700_000_000_000 });
            await Import("alan@example.org", new { fullName = "Alan 100% Turing", birthDate = "1912-06-23", registrations = new[] { new { applicationId = Application, roles = new[] { "writer" } } } });
            await Import(null, new { username = "nobody", active = true, mobilePhone = "303-555-1234" });
        }

        public virtual Task DisposeAsync() => Task.CompletedTask;

        protected virtual Task<TestServer> Serve() => TestServer.Shared;

        private async Task Import(string? email, object user)
        {
            var node = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(user, ContractJson.Options)!;
            node["email"] = email;
            (await Server.Post("/api/user/import", new JsonObject { ["users"] = new JsonArray(node) }, tenant: Tenant)).Is(200);
        }
    }

    [Theory]
    [InlineData("*", "ada,alan,grace,nobody")]
    [InlineData("", "ada,alan,grace,nobody")]
    [InlineData("ADA", "ada")]
    [InlineData("\"grace hopper\"", "grace")]
    [InlineData("email:*@example.com", "ada,grace")]
    [InlineData("email:ADA@example.com", "ada")]
    [InlineData("email:ada", "")]
    [InlineData("username:countess_*", "ada")]
    [InlineData("username:countess?1", "ada")]
    [InlineData("fullName:lovelace", "ada")]
    [InlineData("fullName:hop", "")]
    [InlineData("lastName:Lovelace OR fullName:hopper", "ada,grace")]
    [InlineData("example.com AND NOT ada", "grace")]
    [InlineData("example.com -ada", "grace")]
    [InlineData("(ada OR grace) AND active:true", "ada,grace")]
    [InlineData("active:false", "alan")]
    [InlineData("NOT email:*", "nobody")]
    [InlineData("_exists_:birthDate AND birthDate:[1900-01-01 TO 1910-12-31]", "grace")]
    [InlineData("birthDate:>1906-12-09", "alan")]
    [InlineData("birthDate:{1906-12-09 TO *]", "alan")]
    [InlineData("lastLoginInstant:>=2023-01-01", "grace")]
    [InlineData("100%", "alan")]
    [InlineData("mobilePhone:303*", "nobody")]
    [InlineData("data.hobby:looms", "ada")]
    [InlineData("login:nobody", "nobody")]
    [InlineData("registrations.roles:writer", "alan")]
    [InlineData("email:(ada@example.com OR alan@example.org)", "ada,alan")]
    [InlineData("registrations.applicationId:*", "alan")]
    public async Task A_query_string_finds_whom_it_means(string query, string names) =>
        Assert.Equal(names, await Find(new { queryString = query }));

    [Fact]
    public async Task Elasticsearch_queries_on_registrations_find_whom_they_mean()
    {
        var id = _world.Application;
        Assert.Equal("alan", await Find(new { query = """{"bool":{"must":[{"nested":{"path":"registrations","query":{"bool":{"must":[{"match":{"registrations.applicationId":"ID"}},{"match":{"registrations.roles":"writer"}}]}}}}]}}""".Replace("ID", id.ToString(), StringComparison.Ordinal) }));
        Assert.Equal("", await Find(new { query = """{"nested":{"path":"registrations","query":{"bool":{"must":[{"term":{"registrations.applicationId":"ID"}},{"match":{"registrations.roles":"reader"}}]}}}}""".Replace("ID", id.ToString(), StringComparison.Ordinal) }));
        Assert.Equal("ada,grace,nobody", await Find(new { query = """{"bool":{"must_not":[{"nested":{"path":"registrations","query":{"match":{"registrations.applicationId":"ID"}}}}]}}""".Replace("ID", id.ToString(), StringComparison.Ordinal) }));
        Assert.Equal("ada,grace", await Find(new { query = """{"bool":{"should":[{"term":{"email":{"value":"ada@example.com"}}},{"prefix":{"email":"gra"}}],"minimum_should_match":1}}""" }));
        Assert.Equal("grace", await Find(new { query = """{"range":{"birthDate":{"gte":"1900-01-01","lt":"1912-01-01"}}}""" }));
        Assert.Equal("ada,alan,grace,nobody", await Find(new { query = """{"match_all":{}}""" }));
    }

    [Fact]
    public async Task Ids_find_users_of_the_tenant_only()
    {
        var all = (await Search(new { queryString = "*" })).Body["users"]!.AsArray().Select(u => (string)u!["id"]!).ToArray();
        Assert.Equal(4, (int)(await Search(new { ids = all })).Body["total"]!);
        Assert.Equal(0, (int)(await _world.Server.Post("/api/user/search", new { search = new { ids = all } }, tenant: await _world.Server.NewTenant())).Is(200).Body["total"]!);
        Assert.Equal(1, (int)(await _world.Server.Get($"/api/user/search?ids={all[0]}", tenant: _world.Tenant)).Is(200).Body["total"]!);
        (await _world.Server.Put("/api/user/search", null)).Is(200);
    }

    [Theory]
    [InlineData("fullName", "asc", "ada,alan,grace,nobody")] // Ada, Alan, Grace; who has none comes last
    [InlineData("fullName", "desc", "grace,alan,ada,nobody")]
    [InlineData("birthDate", "asc", "ada,grace,alan,nobody")]
    [InlineData("lastLoginInstant", "desc", "grace,?,?,?")]
    [InlineData("tenantId", "desc", "?,?,?,?")] // all the same; the id decides
    [InlineData("id", "asc", "?,?,?,?")]
    [InlineData("email", "asc", "ada,alan,grace,nobody")]
    [InlineData("username", "asc", "ada,nobody,?,?")]
    [InlineData("login", "asc", "ada,alan,grace,nobody")]
    [InlineData("insertInstant", "asc", "?,?,?,?")]
    public async Task Pages_follow_each_other_in_order_without_gaps(string field, string order, string expected)
    {
        var seen = new List<string>();
        string? next = null;
        for (var page = 0; page < 4; page++)
        {
            var search = next is null
                ? (object)new { queryString = "*", numberOfResults = 1, sortFields = new[] { new { name = field, order } } }
                : new { numberOfResults = 1, nextResults = next };
            var answer = await Search(search);
            seen.Add(Name(Assert.Single(answer.Body["users"]!.AsArray())!));
            next = (string?)answer.Body["nextResults"];
            Assert.Equal(page == 3, next is null);
        }

        Assert.Equal(4, seen.Distinct().Count());
        Assert.All(expected.Split(',').Zip(seen), pair => Assert.True(pair.First == "?" || pair.First == pair.Second, string.Join(',', seen)));
        // Counting gives the same rows.
        for (var row = 0; row < 4; row++)
        {
            var at = await Search(new { queryString = "*", startRow = row, numberOfResults = 1, sortFields = new[] { new { name = field, order } } });
            Assert.Equal(seen[row], Name(Assert.Single(at.Body["users"]!.AsArray())!));
        }
    }

    [Fact]
    public async Task Several_sort_fields_page_too()
    {
        var sortFields = new[] { new { name = "active", order = "desc" }, new { name = "email", order = "desc" } };
        var first = await Search(new { queryString = "*", numberOfResults = 3, sortFields });
        Assert.Equal("grace,ada,nobody", string.Join(',', first.Body["users"]!.AsArray().Select(u => Name(u!))));
        var second = await Search(new { nextResults = (string?)first.Body["nextResults"], numberOfResults = 3 });
        Assert.Equal("alan", Name(Assert.Single(second.Body["users"]!.AsArray())!));
    }

    [Fact]
    public async Task A_forged_or_foreign_paging_token_is_refused()
    {
        var token = (string)(await Search(new { queryString = "*", numberOfResults = 1 })).Body["nextResults"]!;
        var forged = token[..^5] + (token[^5] == 'A' ? 'B' : 'A') + token[^4..];
        foreach (var wrong in (string[])[forged, "x", "eyJhIjoxfQ", "", "ü"])
        {
            if (wrong.Length == 0) continue;
            var answer = await _world.Server.Post("/api/user/search", new { search = new { nextResults = wrong } }, tenant: _world.Tenant);
            Assert.Equal("[invalid]search.nextResults", answer.Is(400).FieldError("search.nextResults"));
        }

        var other = await _world.Server.NewTenant();
        (await _world.Server.Post("/api/user/search", new { search = new { nextResults = token } }, tenant: other)).Is(400);
    }

    [Theory]
    [InlineData("queryString", "email:")]
    [InlineData("queryString", "nothing:x")]
    [InlineData("queryString", "\"open")]
    [InlineData("queryString", "(open")]
    [InlineData("queryString", "closed)")]
    [InlineData("queryString", "AND")]
    [InlineData("queryString", "birthDate:[1900-01-01 1910-01-01]")]
    [InlineData("queryString", "active:maybe")]
    [InlineData("query", "{")]
    [InlineData("query", """{"script":{"source":"1"}}""")]
    [InlineData("query", """{"nested":{"path":"secrets","query":{"match_all":{}}}}""")]
    [InlineData("query", """{"bool":{"must":{"term":{"password":"x"}}}}""")]
    [InlineData("query", """{"match":{"email":{}}}""")]
    public async Task What_cannot_be_understood_is_refused_with_a_reason(string kind, string query)
    {
        var answer = await _world.Server.Post("/api/user/search", new { search = new Dictionary<string, string> { [kind] = query } }, tenant: _world.Tenant);
        Assert.Equal($"[invalid]search.{kind}", answer.Is(400).FieldError($"search.{kind}"));
    }

    [Fact]
    public async Task Unsortable_fields_are_refused()
    {
        var answer = await _world.Server.Post("/api/user/search", new { search = new { sortFields = new[] { new { name = "data" } } } }, tenant: _world.Tenant);
        Assert.Equal("[invalid]search.sortFields", answer.Is(400).FieldError("search.sortFields"));
    }

    [Fact]
    public void Deep_elasticsearch_queries_are_refused()
    {
        var query = string.Concat(Enumerable.Repeat("""{"bool":{"must":""", 1000)) + """{"match_all":{}}""" + new string('}', 2000);
        Assert.Throws<UserQueryException>(() => UserElasticQuery.Parse(query));
    }

    [Fact]
    public async Task Text_of_a_caller_never_becomes_text_of_a_statement()
    {
        foreach (var query in (string[])["' OR 1=1 \\-\\-", "email:x'\\) OR \\(1=1", "\"'; drop table user_search; --\"", "data.'x:y", "@p0"])
            Assert.Equal("", await Find(new { queryString = query }));
        Assert.Equal(4, (int)(await Search(new { queryString = "*" })).Body["total"]!);
    }

    private Task<Answer> Search(object search) => _world.Server.Post("/api/user/search", new { search }, tenant: _world.Tenant);

    private async Task<string> Find(object search) =>
        string.Join(',', (await Search(search)).Is(200).Body["users"]!.AsArray().Select(u => Name(u!)).Order());

    private static string Name(JsonNode user) => ((string?)user["email"] ?? (string)user["username"]!).Split('@')[0];
}
