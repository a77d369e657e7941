namespace OrleansAuth.Events;

/// <summary>
/// What a <c>User-Agent</c> says about the device, where it can be told honestly: the operating system, the kind of device and, of
/// telephones and tablets, what they are called. Whatever is not a browser, or is one in disguise, is nothing that one could name.
/// </summary>
internal readonly record struct Device(string? Os, string? Type, string? Name)
{
    private const string Browser = "BROWSER";
    private const string Mobile = "MOBILE";
    private const string Tablet = "TABLET";
    private const string Television = "TV";
    private const int LongestName = 64;

    /// <summary>Where the platform names itself, by the mark in its name; the first that fits counts, since most of them also say Linux or Mobile.</summary>
    private static readonly (string Mark, Device Device)[] Platforms =
    [
        ("iPhone", new("iOS", Mobile, "iPhone")),
        ("iPad", new("iPadOS", Tablet, "iPad")),
        ("iPod", new("iOS", Mobile, "iPod")),
        ("Web0S", new("webOS", Television, null)),
        ("Tizen", new("Tizen", null, null)),
        ("CrOS", new("ChromeOS", Browser, null)),
        ("Windows NT", new("Windows", Browser, null)),
        // An iPad that asks for desktop pages says the same.
        ("Macintosh", new("macOS", Browser, null)),
        ("Linux", new("Linux", Browser, null)),
    ];

    /// <param name="userAgent">Of bounded length.</param>
    public static Device Of(string? userAgent)
    {
        if (userAgent is null || !userAgent.StartsWith("Mozilla/5.0 (", StringComparison.Ordinal)) return default;
        var begin = "Mozilla/5.0 (".Length;
        var end = userAgent.IndexOf(')', begin);
        var platform = end < 0 ? userAgent[begin..] : userAgent[begin..end];
        if (platform.StartsWith("compatible", StringComparison.Ordinal) || userAgent.Contains("bot", StringComparison.OrdinalIgnoreCase)) return default;
        if (platform.Contains("Android", StringComparison.Ordinal)) return Android(platform, userAgent);
        var device = Array.Find(Platforms, known => platform.Contains(known.Mark, StringComparison.Ordinal)).Device;
        if (!platform.Contains("TV", StringComparison.OrdinalIgnoreCase)) return device.Os == "Tizen" ? device with { Type = Mobile } : device;
        return device with { Type = Television };
    }

    private static Device Android(string platform, string userAgent)
    {
        var type = platform.Contains("TV", StringComparison.Ordinal) ? Television
            : userAgent.Contains("Mobile", StringComparison.Ordinal) ? Mobile : Tablet;
        return new Device("Android", type, Model(platform));
    }

    /// <summary>The part behind the version. Browsers that keep the model to themselves write K, Mobile or Tablet there.</summary>
    private static string? Model(string platform)
    {
        var parts = platform.Split(';', 16, StringSplitOptions.TrimEntries);
        var version = Array.FindIndex(parts, part => part.StartsWith("Android", StringComparison.Ordinal));
        var model = version + 1 < parts.Length ? parts[version + 1] : "";
        var build = model.IndexOf(" Build/", StringComparison.Ordinal);
        if (build >= 0) model = model[..build];
        return model is "" or "K" or "Mobile" or "Tablet" or "wv" || model.StartsWith("rv:", StringComparison.Ordinal) || model.Length > LongestName ? null : model;
    }
}
