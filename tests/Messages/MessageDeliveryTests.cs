using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Messages;

/// <summary>From a commit to a messenger's end that listens on this machine.</summary>
public sealed class MessageDeliveryTests
{
    private const string Allowed = "--Webhooks:AllowPrivateAddresses=true";

    [Fact]
    public async Task A_generic_messenger_gets_the_message_as_JSON_with_its_headers_and_its_sign_in()
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var server = await TestServer.Start(settings: Allowed);
        var messenger = await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url + "/send?x=1", headers = new { X_Team = "login" }, httpAuthenticationUsername = "robot", httpAuthenticationPassword = "pässword" });
        var user = Guid.NewGuid();
        await Queue(server, new PhoneMessage(messenger, "+491701234567", "Ihr Code: 123456 – „gültig“") { Code = "123456", UserId = user });
        var received = await receiver.Next();
        Assert.Equal(("/send", "application/json"), (received.Path, received.Type));
        Assert.Equal("login", received.Headers["x_team"]);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("robot:pässword")), received.Headers["Authorization"]);
        var body = JsonNode.Parse(received.Body)!;
        Assert.Equal(("+491701234567", "Ihr Code: 123456 – „gültig“", "123456", user), ((string?)body["phoneNumber"], (string?)body["textMessage"], (string?)body["code"], (Guid)body["userId"]!));
        await Left(server, "1 = 1", 0);
    }

    [Theory]
    [InlineData("""{"fromPhoneNumber":"+15550001"}""", "From=%2B15550001")]
    [InlineData("""{"messagingServiceSid":"MG1","fromPhoneNumber":"+15550001"}""", "MessagingServiceSid=MG1")]
    public async Task Twilio_gets_a_form_in_the_name_of_its_account(string more, string sender)
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var server = await TestServer.Start(settings: Allowed);
        var settings = JsonNode.Parse(more)!.AsObject();
        (settings["type"], settings["url"], settings["accountSID"], settings["authToken"]) = ("Twilio", receiver.Url + "/", "AC12", "token");
        var messenger = await MessengerApiTests.Create(server, settings);
        await Queue(server, new PhoneMessage(messenger, "+491701234567", "Code & 1=1"));
        var received = await receiver.Next();
        Assert.Equal(("/2010-04-01/Accounts/AC12/Messages.json", "application/x-www-form-urlencoded"), (received.Path, received.Type));
        Assert.Equal($"To=%2B491701234567&Body=Code+%26+1%3D1&{sender}", received.Body);
        Assert.Equal("Basic " + Convert.ToBase64String("AC12:token"u8), received.Headers["Authorization"]);
    }

    [Fact]
    public async Task Kafka_is_reached_by_a_REST_proxy_and_not_without_one()
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var server = await TestServer.Start(settings: Allowed);
        var producer = new Dictionary<string, string> { ["bootstrap.servers"] = "kafka:9092", ["rest.url"] = receiver.Url, ["basic.auth.user.info"] = "a:b" };
        await Queue(server, new PhoneMessage(await MessengerApiTests.Create(server, new { type = "Kafka", defaultTopic = "login.sms", producer }), "+491701234567", "Hello"));
        var received = await receiver.Next();
        Assert.Equal(("/topics/login.sms", "application/vnd.kafka.json.v2+json"), (received.Path, received.Type));
        Assert.Equal("""{"records":[{"value":{"phoneNumber":"+491701234567","textMessage":"Hello"}}]}""", received.Body);
        Assert.Equal("Basic YTpi", received.Headers["Authorization"]);
        producer.Remove("rest.url");
        await Queue(server, new PhoneMessage(await MessengerApiTests.Create(server, new { type = "Kafka", defaultTopic = "sms", producer }), "+491701234567", "Hello"));
        await Left(server, "parked_instant is not null", 1);
        Assert.Contains("rest.url", Assert.Single(await Told(server, "Error")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(0)]
    public async Task What_may_pass_is_tried_again_by_the_same_id(int status)
    {
        await using var receiver = await MessengerReceiver.Start();
        receiver.Answers = [status];
        await using var server = await TestServer.Start(settings: Allowed);
        // So little time only where none is to be enough: the machine may be busy.
        var patience = status == 0 ? 100 : 10_000;
        var messenger = await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url, connectTimeout = patience, readTimeout = patience, debug = true });
        await Queue(server, new PhoneMessage(messenger, "+491701234567", "Hello"));
        var first = await receiver.Next();
        await Left(server, "attempts = 1", 1);
        Assert.Contains(status == 0 ? "in time" : $"{status}", Assert.Single(await Told(server, "Debug")), StringComparison.Ordinal);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(first.Headers["Idempotency-Key"], (await receiver.Next()).Headers["Idempotency-Key"]);
        await Left(server, "1 = 1", 0);
    }

    [Fact]
    public async Task A_messenger_that_asks_for_time_gets_it()
    {
        await using var receiver = await MessengerReceiver.Start();
        (receiver.Answers, receiver.RetryAfter) = ([429], "120");
        await using var server = await TestServer.Start(settings: Allowed);
        await Queue(server, new PhoneMessage(await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url }), "+491701234567", "Hello"));
        await receiver.Next();
        await Left(server, $"due = {server.Time.UtcNow.ToUnixTimeMilliseconds() + 120_000}", 1);
        server.Time.Advance(TimeSpan.FromSeconds(121));
        await receiver.Next();
    }

    [Theory]
    [InlineData(400, "400")]
    [InlineData(401, "401")]
    [InlineData(404, "404")]
    [InlineData(302, "Redirects")]
    public async Task What_will_not_pass_is_parked_at_once_and_told(int status, string says)
    {
        await using var receiver = await MessengerReceiver.Start();
        receiver.Answers = [status];
        await using var server = await TestServer.Start(settings: Allowed);
        await Queue(server, new PhoneMessage(await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url }), "+491701234567", "Secret text"));
        await Left(server, "parked_instant is not null", 1);
        Assert.Equal(1, receiver.Count);
        var told = Assert.Single(await Told(server, "Error"));
        Assert.Contains(says, told, StringComparison.Ordinal);
        Assert.DoesNotContain("+4917", told, StringComparison.Ordinal);
        var body = (await Store(server).Query("select body from outbox where queue = 'message'", row => Encoding.UTF8.GetString(row.Bytes("body"))))[0];
        Assert.StartsWith("enc:", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_addresses_are_nobodys_messenger_unless_the_setting_allows_it()
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var server = await TestServer.Start();
        await Queue(server, new PhoneMessage(await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url }), "+491701234567", "Hello"));
        await Left(server, "parked_instant is not null", 1);
        Assert.Equal(0, receiver.Count);
        Assert.Contains("Webhooks:AllowPrivateAddresses", Assert.Single(await Told(server, "Error")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_whose_code_is_over_is_not_sent_and_one_of_a_tenant_that_is_gone_leaves()
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var server = await TestServer.Start(settings: Allowed);
        var messenger = await MessengerApiTests.Create(server, new { type = "Generic", url = receiver.Url });
        await Queue(server, new PhoneMessage(messenger, "+491701234567", "Hello") { Expires = server.Time.UtcNow.ToUnixTimeMilliseconds() });
        await Left(server, "parked_instant is not null", 1);
        await Queue(server, new PhoneMessage(messenger, "+491701234567", "Hello"), Guid.NewGuid());
        await Left(server, "parked_instant is null", 0);
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData("+49 (170) 12-34.567", "+491701234567")]
    [InlineData("555-0100-22", "555010022")]
    [InlineData("1234", null)]
    [InlineData("+49170\r\n1234567", null)]
    [InlineData("12345678901234567890", null)]
    [InlineData("call me", null)]
    public void A_number_is_digits(string given, string? expected) => Assert.Equal(expected, PhoneMessage.Number(given));

    [Fact]
    public void What_an_earlier_version_stored_reads_and_is_written_again()
    {
        const string Saved = """{"messengerId":"22222222-2222-2222-2222-222222222222","phoneNumber":"\u002B491701234567","text":"Hello","userId":"33333333-3333-3333-3333-333333333333","code":"1","locale":"de","expires":5}""";
        Assert.Equal(Saved.Replace("\\u002B", "+", StringComparison.Ordinal), PhoneMessage.Read(Saved).Write());
        Assert.Null(PhoneMessage.Read("""{"phoneNumber":"1","text":"x"}""").Expires);
    }

    private static IStore Store(TestServer server) => server.Services.GetRequiredService<IStore>();

    private static async Task Queue(TestServer server, PhoneMessage message, Guid? tenant = null)
    {
        var commit = new Commit();
        server.Services.GetRequiredService<MessageOutbox>().Add(commit, tenant ?? server.DefaultTenant, message);
        await Store(server).Apply(commit);
    }

    private static async Task Left(TestServer server, string condition, int rows)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Store(server).Query($"select count(*) as found from outbox where queue = 'message' and {condition}", row => row.Long("found"), patience.Token))[0] != rows)
            await Task.Yield();
    }

    private static async Task<string[]> Told(TestServer server, string type) =>
        [.. await Store(server).Query("select message from event_log where type = @type", row => row.Text("message"), default, ("type", type))];
}
