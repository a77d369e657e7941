namespace OrleansAuth.Events;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "iOS", "MOBILE", "iPhone")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", "iPadOS", "TABLET", "iPad")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A.230805.001) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36", "Android", "MOBILE", "Pixel 7")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Android", "MOBILE", null)]
    [InlineData("Mozilla/5.0 (Linux; Android 12; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36", "Android", "TABLET", "SM-X906C")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Android", "MOBILE", null)]
    [InlineData("Mozilla/5.0 (Linux; Android 9; BRAVIA 4K TV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.0.0 Safari/537.36", "Android", "TV", "BRAVIA 4K TV")]
    [InlineData("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36", "Tizen", "TV", null)]
    [InlineData("Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.88 Safari/537.36", "webOS", "TV", null)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Windows", "BROWSER", null)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "macOS", "BROWSER", null)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Linux", "BROWSER", null)]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "ChromeOS", "BROWSER", null)]
    // Who is no browser, or only says so, is named nothing.
    [InlineData("curl/8.5.0", null, null, null)]
    [InlineData("okhttp/4.12.0", null, null, null)]
    [InlineData("axios/1.7.2 (Windows NT 10.0)", null, null, null)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", null, null, null)]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)", null, null, null)]
    [InlineData("Mozilla/5.0 (PlayStation 5/8.00) AppleWebKit/605.1.15", null, null, null)]
    [InlineData("Mozilla/5.0 (", null, null, null)]
    [InlineData("Mozilla/5.0 (Android", "Android", "TABLET", null)]
    [InlineData("Mozilla/5.0 (Android;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;", "Android", "TABLET", null)]
    [InlineData("", null, null, null)]
    [InlineData(null, null, null, null)]
    public void A_browser_says_what_it_runs_on(string? userAgent, string? os, string? type, string? name) => Assert.Equal(new Device(os, type, name), Device.Of(userAgent));

    [Fact]
    public void Text_of_any_kind_is_read_without_harm()
    {
        var random = new Random(5);
        string[] parts = ["Mozilla/5.0 (", "Android", ";", ")", "TV", " Build/", "iPhone", "\0", "\ud800", "(", "Mobile", "rv:"];
        for (var round = 0; round < 5_000; round++)
        {
            var text = "Mozilla/5.0 (" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => parts[random.Next(parts.Length)]));
            Assert.InRange(Device.Of(text).Name?.Length ?? 0, 0, 64);
        }
    }
}
