using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.OAuth;

/// <summary>Yesterday's rows of the protocol still read.</summary>
public sealed class StoredProtocolTests
{
    private const string Device =
        """{"id":"11111111-1111-1111-1111-111111111111","applicationId":"22222222-2222-2222-2222-222222222222","scope":"openid","expiresAt":5,"decision":"Approved","info":{"name":"tv"},"address":"192.0.2.1","userId":"33333333-3333-3333-3333-333333333333","authenticationType":"PASSWORD","signedIn":3,"opened":4,"signOnId":"44444444-4444-4444-4444-444444444444"}""";

    private const string DeviceCode = """{"id":"11111111-1111-1111-1111-111111111111","applicationId":"22222222-2222-2222-2222-222222222222","userCode":"ABCDEF","expiresAt":5}""";

    private const string Ended =
        """{"applicationId":"22222222-2222-2222-2222-222222222222","userId":"33333333-3333-3333-3333-333333333333","sessionId":"44444444-4444-4444-4444-444444444444","issuer":"https://login.example.com/t"}""";

    [Fact]
    public void A_device_reads_and_writes_the_same_bytes()
    {
        var device = Read<DeviceRequest>(Device);
        Assert.Equal((DeviceDecision.Approved, 3, 4), (device.Decision, device.SignedIn, device.Opened));
        Assert.Equal(Device, JsonText.From(device).ToString());
        Assert.Equal(DeviceCode, JsonText.From(Read<DeviceCodeRecord>(DeviceCode)).ToString());
    }

    [Fact]
    public void What_an_application_is_told_reads_and_writes_the_same_bytes() => Assert.Equal(Ended, JsonText.From(Read<EndedSession>(Ended)).ToString());

    [Fact]
    public void A_session_of_before_has_taken_nobodys_place()
    {
        const string Before =
            """{"tenantId":"11111111-1111-1111-1111-111111111111","userId":"22222222-2222-2222-2222-222222222222","valueHash":"AAAA","opened":1,"signedIn":1,"lastUsed":1,"authenticationType":"PASSWORD"}""";
        var session = StoredSignOn.Read(Encoding.UTF8.GetBytes(Before));
        Assert.Empty(session.Earlier);
        var next = session with { Earlier = [new StoredEarlierSignOn(Guid.NewGuid(), [Guid.NewGuid()])] };
        Assert.Equal(next.Earlier[0].Applications[0], StoredSignOn.Read(next.Write()).Earlier[0].Applications[0]);
    }

    private static T Read<T>(string text) => new JsonText(Encoding.UTF8.GetBytes(text)).Read<T>();
}
