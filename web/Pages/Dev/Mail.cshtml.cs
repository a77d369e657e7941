using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Mail;

namespace OrleansAuth.Pages;

/// <summary>Shows a developer the mails that were not sent. Anywhere but in Development there is no such page.</summary>
internal sealed partial class MailModel(IGrainFactory grains, IHostEnvironment environment) : PageModel
{
    public ImmutableArray<CaughtMail> Mails { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!environment.IsDevelopment()) return NotFound();
        Mails = await grains.MailCatcher().Newest();
        return Page();
    }

    public static IEnumerable<string> Links(CaughtMail mail) => Address().Matches(mail.Text).Select(match => match.Value).Distinct();

    public static string Time(CaughtMail mail) => DateTimeOffset.FromUnixTimeMilliseconds(mail.Instant).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Address();
}
