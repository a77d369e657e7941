using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed class TenantSearchTests
{
    private static readonly string Prefix = $"Search {Guid.NewGuid():N}";
    private static readonly Lazy<Task<TestServer>> Filled = new(Fill);

    [Theory]
    [InlineData("", "0,1,2,3,4")]
    [InlineData("&numberOfResults=2", "0,1")]
    [InlineData("&numberOfResults=2&startRow=3", "3,4")]
    [InlineData("&numberOfResults=2&startRow=99", "")]
    [InlineData("&numberOfResults=0", "")]
    [InlineData("&orderBy=name DESC", "4,3,2,1,0")]
    [InlineData("&orderBy=name desc", "4,3,2,1,0")]
    [InlineData("&orderBy=insertInstant ASC", "0,1,2,3,4")]
    [InlineData("&orderBy=insertInstant DESC&numberOfResults=1", "4")]
    public async Task Pages_are_cut_from_the_order_that_was_asked_for(string query, string expected)
    {
        var server = await Filled.Value;
        var found = (await server.Get($"/api/tenant/search?name={Prefix}{query}")).Is(200).Body;
        Assert.Equal(expected, Numbers(found));
        Assert.Equal(5, (int)found["total"]!);
    }

    [Theory]
    [InlineData("PLAIN 3", "3")]
    [InlineData("*plain 3", "3")]
    [InlineData("plain*", "")]
    [InlineData("Search*plain 4", "4")]
    [InlineData("*plain?3*", "")]
    [InlineData("no such", "")]
    public async Task A_star_stands_for_anything_and_a_plain_text_matches_anywhere(string name, string expected)
    {
        var server = await Filled.Value;
        var wanted = name.Replace("Search", Prefix, StringComparison.Ordinal);
        var posted = (await server.Post("/api/tenant/search", new { search = new { name = wanted } })).Is(200).Body;
        var found = Numbers(posted);
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Both_forms_of_a_search_answer_the_same()
    {
        var server = await Filled.Value;
        var posted = await server.Post("/api/tenant/search", new { search = new { name = Prefix, numberOfResults = 2, startRow = 1, orderBy = "name DESC" } });
        var got = await server.Get($"/api/tenant/search?name={Prefix}&numberOfResults=2&startRow=1&orderBy=name%20DESC");
        Assert.Equal(got.Is(200).Text, posted.Is(200).Text);
        Assert.Equal("3,2", Numbers(got.Body));
        Assert.True((int)(await server.Post("/api/tenant/search", "{}")).Is(200).Body["total"]! >= 5);
    }

    [Theory]
    [InlineData("""{"numberOfResults":-1}""", "search.numberOfResults")]
    [InlineData("""{"numberOfResults":1000000}""", "search.numberOfResults")]
    [InlineData("""{"startRow":"x"}""", "search.startRow")]
    [InlineData("""{"startRow":1.5}""", "search.startRow")]
    [InlineData("""{"orderBy":"name; drop table state"}""", "search.orderBy")]
    [InlineData("""{"orderBy":"name SIDEWAYS"}""", "search.orderBy")]
    [InlineData("""{"orderBy":""}""", "search.orderBy")]
    [InlineData("""{"orderBy":{}}""", "search.orderBy")]
    public async Task Paging_that_makes_no_sense_is_refused(string search, string field)
    {
        var server = await TestServer.Shared;
        Assert.NotNull((await server.Post("/api/tenant/search", $$"""{"search":{{search}}}""")).Is(400).FieldError(field));
    }

    [Fact]
    public async Task Whoever_says_which_tenant_it_means_must_not_search_among_them()
    {
        var server = await TestServer.Shared;
        Assert.Equal("", (await server.Get("/api/tenant/search", tenant: server.DefaultTenant)).Is(401).Text);
    }

    private static string Numbers(JsonObject found) => string.Join(',', ((JsonArray)found["tenants"]!).Select(t => ((string)t!["name"]!)[^1]));

    private static async Task<TestServer> Fill()
    {
        var server = await TestServer.Shared;
        foreach (var number in Enumerable.Range(0, 5))
        {
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
            (await server.Post("/api/tenant", new { tenant = new { name = $"{Prefix} plain {number}" } })).Is(200);
        }

        return server;
    }
}
