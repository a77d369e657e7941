using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Configuration;

namespace OrleansAuth.Common;

/// <summary>The rules of the house that a compiler does not check.</summary>
public sealed class HouseTests
{
    private const int LongestFile = 300;

    private static readonly string[] Slices =
    [
        "Administration", "Applications", "Audit", "Billing", "Breaches", "CommandLine", "Common", "Companies", "Configuration", "Consents", "Engine", "Entities", "Events", "Forms", "Groups",
        "Hosted", "Hosting", "Identifiers", "IdentityProviders", "Keys", "Mail", "Messages", "Mfa", "OAuth", "Operations", "Outbox", "Passwordless", "Portal", "Recovery", "Scim", "Sessions", "Setup", "Storage", "Tenants", "Themes", "Tokens",
        "UserActions", "Users", "Verification", "WebAuthn", "Webhooks",
    ];

    private static readonly string[] Projects = ["grain-interfaces", "grains", "web", "silo", "silo/storage", "silo/embedded", "tests"];

    [Fact]
    public void The_web_tier_never_touches_grains_nor_grains_the_web_tier()
    {
        Assert.DoesNotContain("OrleansAuth.Grains", References("OrleansAuth.Web"));
        Assert.DoesNotContain(References("OrleansAuth.Grains"), name => name is "OrleansAuth.Web" or "OrleansAuth.Silo");
        Assert.DoesNotContain(References("OrleansAuth.GrainInterfaces"), IsOurs);
        Assert.DoesNotContain(References("OrleansAuth.Storage"), name => IsOurs(name) && name != "OrleansAuth.GrainInterfaces");

        static bool IsOurs(string name) => name.StartsWith("OrleansAuth.", StringComparison.Ordinal) && name != "OrleansAuth.Embedded";
    }

    [Theory]
    [InlineData("grain-interfaces/OrleansAuth.GrainInterfaces.csproj", "")]
    [InlineData("grains/OrleansAuth.Grains.csproj", "GrainInterfaces Storage")]
    [InlineData("silo/storage/OrleansAuth.Storage.csproj", "GrainInterfaces")]
    [InlineData("silo/embedded/OrleansAuth.Embedded.csproj", "GrainInterfaces Storage")]
    [InlineData("web/OrleansAuth.Web.csproj", "GrainInterfaces Storage Silo")]
    public void A_project_references_only_what_lies_below_it(string project, string allowed)
    {
        var document = XDocument.Load(Path.Combine(Tools.RepositoryRoot, project));
        var references = document.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value).Replace("OrleansAuth.", "", StringComparison.Ordinal));
        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Fact]
    public void Slices_are_named_alike_everywhere_and_their_namespaces_too()
    {
        foreach (var project in Projects.Where(p => p is "grain-interfaces" or "grains" or "web"))
        {
            var folders = Directory.GetDirectories(Path.Combine(Tools.RepositoryRoot, project)).Select(f => Path.GetFileName(f)!).Where(f => f is not ("Pages" or "Assets" or "Properties" or "bin" or "obj"));
            Assert.All(folders, folder => Assert.True(Slices.Contains(folder), $"{project}/{folder} is not a slice; name it like one, or add it to this list."));
            foreach (var file in Sources(project).Where(f => f.Split('/').Length > 2 && !f.Contains("/Pages/", StringComparison.Ordinal)))
            {
                var declared = File.ReadLines(Path.Combine(Tools.RepositoryRoot, file)).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal));
                if (declared is not null) Assert.True(declared == $"namespace OrleansAuth.{file.Split('/')[1]};", $"{file} says {declared}");
            }
        }
    }

    [Fact]
    public void No_source_file_is_too_long()
    {
        var lengths = Projects.SelectMany(Sources).Distinct().Select(file => (file, Lines: File.ReadLines(Path.Combine(Tools.RepositoryRoot, file)).Count()));
        Assert.All(lengths, f => Assert.True(f.Lines <= LongestFile, $"{f.file} has {f.Lines} lines."));
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        string[] banned = ["Manager", "Helper", "Util", "Utils", "Processor", "Base"];
        var files = Projects.SelectMany(Sources).Select(f => Path.GetFileNameWithoutExtension(f));
        Assert.DoesNotContain(files, name => banned.Any(b => name.EndsWith(b, StringComparison.Ordinal)));
    }

    [Fact]
    public void Who_sends_a_request_is_said_in_one_place() =>
        Assert.DoesNotContain(Sources("web"), file => File.ReadAllText(Path.Combine(Tools.RepositoryRoot, file)).Contains("new Actor(", StringComparison.Ordinal));

    [Fact]
    public async Task Every_endpoint_of_the_API_says_who_may_call_it()
    {
        var server = await TestServer.Shared;
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var api = endpoints.Where(e => (Starts(e, "api") || Starts(e, "oauth2")) && e.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>() is null).ToList();
        Assert.True(api.Count > 50, $"Only {api.Count} endpoints.");
        Assert.All(api, e => Assert.True(e.Metadata.GetMetadata<ApiAccessMetadata>() is not null, $"{e.DisplayName} is open to everybody."));
        Assert.All(api.GroupBy(e => (e.RoutePattern.RawText, string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods))), same => Assert.Single(same));

        static bool Starts(RouteEndpoint endpoint, string first) =>
            endpoint.RoutePattern.RawText!.TrimStart('/').Split('/')[0].Equals(first, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Endpoints_that_ask_for_a_key_refuse_whoever_has_none()
    {
        var server = await TestServer.Shared;
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ApiAccessMetadata>() is { Access: not ApiAccess.Anyone });
        foreach (var endpoint in endpoints)
        {
            var path = string.Concat(endpoint.RoutePattern.PathSegments.Select(s => s.Parts switch
            {
                [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal] => "/" + literal.Content,
                [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies: [{ Content: "long" }, ..] }] => "/1",
                _ => "/" + Guid.NewGuid(),
            }));
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                Assert.True((await server.Send(new HttpMethod(method), path, method == "GET" ? null : "{}", key: "")) is { Status: System.Net.HttpStatusCode.Unauthorized, Text: "" }, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("GET", "/api/tenant", 200)]
    [InlineData("GET", "/api/no-such-thing", 404)]
    [InlineData("GET", "/no-such-page", 404)]
    [InlineData("DELETE", "/api/tenant", 405)]
    [InlineData("POST", "/api/tenant", 400)]
    [InlineData("GET", "/api/health", 200)]
    public async Task Every_answer_has_the_headers_that_protect(string method, string path, int status)
    {
        var server = await TestServer.Shared;
        var answer = (await server.Send(new HttpMethod(method), path, method == "GET" ? null : "[]")).Is(status);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Contains("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Server"));
    }

    [Fact]
    public async Task Who_has_no_key_gets_the_headers_too()
    {
        var server = await TestServer.Shared;
        Assert.Equal("nosniff", (await server.Get("/api/tenant", key: "")).Is(401).Headers["X-Content-Type-Options"]);
    }

    [Fact]
    public async Task Every_configuration_family_has_its_rules()
    {
        var server = await TestServer.Shared;
        var rules = server.Services.GetServices<IFamilyRules>().Select(r => r.Family.Name).Order().ToList();
        Assert.Equal(Families.All.Select(f => f.Name).Order(), rules);
        Assert.All(Families.All, f => Assert.Empty(f.WriteOnly.Except(f.Secrets)));
    }

    private static List<string> References(string assembly)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<string> Sources(string project)
    {
        var root = Path.Combine(Tools.RepositoryRoot, project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Tools.RepositoryRoot, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal));
    }
}
