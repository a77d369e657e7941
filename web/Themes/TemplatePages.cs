using System.Text.Json.Nodes;

namespace OrleansAuth.Themes;

/// <summary>Renders a theme's template in place of a page of ours.</summary>
internal sealed partial class TemplatePages(ILogger<TemplatePages> log)
{
    /// <param name="name">The page by its name in the contract.</param>
    /// <param name="data">What the page has beside its frame.</param>
    /// <returns>The whole page; null where it is ours to show: the theme has no template of it, or one that failed.</returns>
    public string? Render(HostedPage page, string name, Func<JsonObject> data)
    {
        try
        {
            if (page.Template(name) is not { } template) return null;
            var all = page.Data();
            all["page"] = name;
            foreach (var (member, value) in data()) all[member] = value?.DeepClone();
            return template.Render(all, (key, arguments) => page.Text(key, arguments));
        }
        catch (TemplateException error)
        {
            Failed(log, name, page.Theme.Name, page.Theme.Id, error.Message);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The template {Template} of the theme {Theme} ({ThemeId}) failed, so people see the page of this server: {Reason}.")]
    private static partial void Failed(ILogger log, string template, string theme, Guid themeId, string reason);
}
