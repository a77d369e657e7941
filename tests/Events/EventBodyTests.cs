using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.Events;

/// <summary>The text that receivers get: its members, their order, and how values are written.</summary>
public sealed class EventBodyTests
{
    private static readonly Guid Shop = Numbered(2);

    private static readonly ConfigurationSnapshot Snapshot = ConfigurationSnapshot.Empty.With(1, [(Families.Of(typeof(Application)), Shop, (ConfigurationObject?)new Application { Id = Shop, Name = "Shop", TenantId = Numbered(1) })]);

    private static readonly EventInfo Browser = new() { IpAddress = "203.0.113.7", UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0" };

    [Fact]
    public void A_login_is_written_to_the_letter_and_shows_nothing_that_signs_in()
    {
        var payload = Payload("""{ "since" : 2.50, "no\u0074e" : "\u00e4 <b>", "none": null }""");
        Assert.Equal(
            """
            {"event":{"createInstant":1700000001000,"id":"00000005-0000-0000-0000-000000000000",
            "info":{"deviceType":"BROWSER","ipAddress":"203.0.113.7","os":"Linux","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"},
            "type":"user.login.success","tenantId":"00000001-0000-0000-0000-000000000000",
            "applicationId":"00000002-0000-0000-0000-000000000000","authenticationType":"PASSWORD","ipAddress":"203.0.113.7",
            "user":{"preferredLanguages":[],"active":true,"data":{"since":2.50,"note":"ä <b>","none":null},"email":"zoë@example.com","firstName":"Zoë",
            "insertInstant":1700000000000,"lastName":"O'Neil <\"Z\">","lastUpdateInstant":1700000000000,"tenantId":"00000001-0000-0000-0000-000000000000",
            "twoFactor":{"methods":[]},"memberships":[],
            "registrations":[{"preferredLanguages":[],"applicationId":"00000002-0000-0000-0000-000000000000","id":"00000004-0000-0000-0000-000000000000",
            "insertInstant":1700000000000,"lastLoginInstant":1700000001000,"roles":["admin"],"usernameStatus":"ACTIVE","verified":false}],
            "identities":[{"displayValue":"zoë@example.com","insertInstant":1700000000000,"moderationStatus":"ACTIVE","primary":true,"type":{"name":"email"},
            "value":"zoë@example.com","verified":true,"verifiedReason":"Skipped"}],
            "breachedPasswordStatus":"None","id":"00000003-0000-0000-0000-000000000000","lastLoginInstant":1700000001000,"passwordChangeReason":"Administrative",
            "passwordChangeRequired":false,"usernameStatus":"ACTIVE","verified":true}}}
            """.ReplaceLineEndings(""),
            Login(payload));
    }

    [Fact]
    public void Events_of_one_commit_show_the_same_user()
    {
        var payload = Payload("{}");
        Assert.Equal(Login(payload), Login(payload));
    }

    [Fact]
    public void Members_of_all_events_come_first_and_the_events_own_of_that_name_in_their_place()
    {
        JsonObject Members() => new() { ["x"] = null, ["tenantId"] = "own", ["id"] = 3, ["info"] = null, ["type"] = new JsonArray(1, "ü"), ["y"] = 1.5 };
        Assert.Equal("""{"event":{"createInstant":5,"id":3,"info":null,"type":[1,"ü"],"tenantId":"own","x":null,"y":1.5}}""", EventBody.Write(Numbered(5), "t", Numbered(1), 5, Browser, Members()));
        Assert.Equal("""{"event":{"createInstant":5,"id":3,"info":null,"type":[1,"ü"],"x":null,"tenantId":"own","y":1.5}}""", EventBody.Write(Numbered(5), "t", null, 5, Browser, Members()));
        Assert.Equal("""{"event":{"createInstant":5,"id":"00000005-0000-0000-0000-000000000000","info":{},"type":"t"}}""", EventBody.Write(Numbered(5), "t", null, 5, null, []));
    }

    [Fact]
    public void What_a_caller_sent_along_is_written_as_everything_else()
    {
        var info = new EventInfo { Location = new JsonText("{ \"city\":\"K\\u00f6ln\" , \"x\":1e3}"u8.ToArray()), Data = new JsonText("null"u8.ToArray()) };
        Assert.Equal("""{"event":{"createInstant":5,"id":"00000005-0000-0000-0000-000000000000","info":{"location":{"city":"Köln","x":1e3},"data":null},"type":"t"}}""", EventBody.Write(Numbered(5), "t", null, 5, info, []));
    }

    [Theory]
    [InlineData(61, true)]
    [InlineData(62, false)]
    public void A_user_with_deeper_data_than_a_text_may_have_is_not_written_and_spoils_no_later_event(int depth, bool isWritten)
    {
        var payload = Payload(new string('[', depth) + new string(']', depth));
        if (isWritten) Assert.Contains(new string('[', depth), Login(payload), StringComparison.Ordinal);
        else Assert.Throws<JsonException>(() => Login(payload));
        // A member that fails when half of the event is written.
        Assert.Throws<InvalidOperationException>(() => EventBody.Write(Numbered(5), "t", null, 5, null, new JsonObject { ["deep"] = Deep() }));
        Assert.Equal("""{"event":{"createInstant":5,"id":"00000005-0000-0000-0000-000000000000","info":{},"type":"t"}}""", EventBody.Write(Numbered(5), "t", null, 5, null, []));
    }

    private static Guid Numbered(int number) => new(number, 0, 0, new byte[8]);

    private static JsonArray Deep()
    {
        var node = new JsonArray();
        for (var level = 1; level < ContractJson.MaximumDepth; level++) node = new JsonArray(node);
        return node;
    }

    private static string Login(UserPayload payload) => EventBody.Write(Numbered(5), EventTypes.UserLoginSuccess, Numbered(1), 1_700_000_001_000, Browser, payload.With(
        ("applicationId", Shop), ("authenticationType", "PASSWORD"), ("identityProviderId", null), ("ipAddress", "203.0.113.7")));

    private static UserPayload Payload(string data)
    {
        var user = new User
        {
            Id = Numbered(3),
            TenantId = Numbered(1),
            Email = "zoë@example.com",
            FirstName = "Zoë",
            LastName = "O'Neil <\"Z\">",
            Data = JsonSerializer.Deserialize<JsonElement>(data),
            InsertInstant = 1_700_000_000_000,
            LastUpdateInstant = 1_700_000_000_000,
            Factor = 7,
            Verified = true,
            Identities = [new UserIdentity { Type = new IdentityType { Name = "email" }, Value = "zoë@example.com", DisplayValue = "zoë@example.com", Primary = true, Verified = true, InsertInstant = 1_700_000_000_000 }],
            Registrations = [new UserRegistration { Id = Numbered(4), ApplicationId = Shop, Roles = ["admin"], AuthenticationToken = "secret", Tokens = ImmutableDictionary<string, string>.Empty.Add("x", "secret"), InsertInstant = 1_700_000_000_000 }],
        };
        var stored = new StoredUser { User = user };
        return new UserPayload(stored, UserLogins.None, stored, new UserLogins { LastLoginInstant = 1_700_000_001_000, ByApplication = ImmutableDictionary<Guid, long>.Empty.Add(Shop, 1_700_000_001_000) }, Snapshot);
    }
}
