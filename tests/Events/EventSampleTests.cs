using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>The samples of events and the page that describes them.</summary>
public sealed class EventSampleTests
{
    [Fact]
    public void Every_type_has_a_sample_of_its_own()
    {
        Assert.Equal(63, EventTypes.All.Count);
        foreach (var type in EventTypes.All.Append(EventTypes.Test))
        {
            var (one, other) = (EventSamples.Members(type)!, EventSamples.Members(type)!);
            Assert.NotEmpty(one);
            Assert.NotSame(one, other);
            Assert.DoesNotContain(one, member => member.Key is "id" or "type" or "createInstant" or "info" or "tenantId");
        }

        Assert.Null(EventSamples.Members("user.created"));
    }

    [Fact]
    public void The_page_of_webhooks_lists_every_event_with_its_members()
    {
        var page = File.ReadAllLines(Path.Combine(Tools.RepositoryRoot, "docs", "webhooks.md"));
        var rows = page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => EventTypes.All.Contains(cells[1].Trim('`'))).ToList();
        Assert.Equal(EventTypes.All.ToList(), rows.Select(cells => cells[1].Trim('`')).Order(StringComparer.Ordinal));
        foreach (var cells in rows)
        {
            var type = cells[1].Trim('`');
            Assert.Equal(EventSamples.Members(type)!.Select(member => member.Key).Order(StringComparer.Ordinal), cells[4].Split(", ").Order(StringComparer.Ordinal));
            Assert.Equal(EventTypes.Transactional.Contains(type) ? "yes" : "no", cells[3]);
        }
    }
}
