using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Setup;

/// <summary>What the README promises a newcomer: the server with the sample's kickstart file, the sample beside it, a login.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly string Kickstart = Path.Combine(Tools.RepositoryRoot, "deploy/samples/kickstart.json");
    private static readonly JsonObject Variables = (JsonObject)JsonNode.Parse(File.ReadAllText(Kickstart))!["variables"]!;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("this-is-a-sample-secret-change-it")]
    public async Task The_sample_signs_in_refreshes_and_signs_out(string secret)
    {
        await using var server = await ServerProcess.Start(_folder.Path, $"--Kickstart:File={Kickstart}");
        var issuer = new Uri(server.Url, (string)Variables["defaultTenantId"]!).ToString();
        await using var sample = await ServerProcess.StartSample($"--OpenId:Authority={issuer}", $"--OpenId:ClientSecret={secret}");

        var result = await NodeClient.Run("sample", new
        {
            Tools.Chromium,
            Sample = sample.Url,
            Issuer = issuer,
            LoginId = "ada@example.com",
            Password = (string)Variables["password"]!,
            Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS"),
        }, limit: TimeSpan.FromMinutes(3));

        Assert.Empty(result.Json.GetProperty("violations").EnumerateArray().Select(v => v.GetRawText()));
        Assert.Empty(result.Json.GetProperty("complaints").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task The_sample_says_so_when_the_server_is_not_there()
    {
        await using var sample = await ServerProcess.StartSample("--OpenId:Authority=http://127.0.0.1:9/tenant");
        using var browser = new HttpClient(new SocketsHttpHandler()) { BaseAddress = sample.Url };
        var form = await browser.GetStringAsync("/");
        var token = form.Split("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];

        using var answer = await browser.PostAsync("/?handler=SignIn", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Is it running?", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_login_of_the_README_works_as_written()
    {
        await using var server = await ServerProcess.Start(_folder.Path, $"--Kickstart:File={Kickstart}");

        var login = await server.Http.PostAsJsonAsync("/api/login", new { loginId = "ada@example.com", password = (string)Variables["password"]!, applicationId = (string)Variables["applicationId"]! });
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.NotNull((string?)(await login.Content.ReadFromJsonAsync<JsonObject>())!["token"]);
        var keys = await server.Http.GetFromJsonAsync<JsonObject>("/.well-known/jwks.json");
        Assert.NotEmpty((JsonArray)keys!["keys"]!);
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/user?email=ada@example.com");
        read.Headers.TryAddWithoutValidation("Authorization", (string)Variables["apiKey"]!);
        var user = await (await server.Http.SendAsync(read)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Ada", user.GetProperty("user").GetProperty("firstName").GetString());
    }

    [Fact]
    public void The_settings_of_the_sample_and_the_README_are_those_of_the_kickstart_file()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Tools.RepositoryRoot, "deploy/samples/sign-in/appsettings.json")))!;
        Assert.Equal($"http://localhost:9011/{Variables["defaultTenantId"]}", (string?)settings["OpenId"]!["Authority"]);
        Assert.Equal((string?)Variables["applicationId"], (string?)settings["OpenId"]!["ClientId"]);
        Assert.Contains($"{settings["Urls"]}/callback", File.ReadAllText(Kickstart), StringComparison.Ordinal);
        var readme = File.ReadAllText(Path.Combine(Tools.RepositoryRoot, "README.md"));
        Assert.Contains((string)Variables["password"]!, readme, StringComparison.Ordinal);
        Assert.Contains((string)settings["Urls"]!, readme, StringComparison.Ordinal);
    }
}
