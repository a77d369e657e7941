namespace OrleansAuth.Operations;

/// <summary>Time zones by their names in the tz database, such as <c>Europe/Vienna</c>.</summary>
public static class TimeZones
{
    private const int Longest = 64;

    /// <summary>
    /// The zone of that name, or null. Names become paths of files on this machine, so one that could lead elsewhere is not looked for.
    /// </summary>
    public static TimeZoneInfo? Find(string name) =>
        name.Length is > 0 and <= Longest && name[0] != '/' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
