using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>
/// The events <c>user.bulk.create</c> of an import, a few for each commit, so that no receiver gets a body it cannot take. Whoever may prevent
/// an import is asked about all of them before the first commit.
/// </summary>
internal sealed class ImportedUserEvents(EventSource events, ConfigurationSnapshot snapshot, Tenant tenant, Actor actor)
{
    /// <summary>In characters of JSON; a user that is larger makes an event of its own.</summary>
    private const int LargestBody = 1_000_000;

    private readonly bool _received = !Receivers.In(snapshot).Of(tenant.Id, EventTypes.UserBulkCreate).IsEmpty;

    /// <summary>Those of the users of one commit.</summary>
    public OperationEvents Of(IEnumerable<ImportedUser> users)
    {
        var raised = events.Begin(tenant.Id, tenant.Id, actor.Info);
        if (!_received) return raised;
        var (part, size) = (new JsonArray(), 0);
        foreach (var user in users)
        {
            var shown = UserPayload.Show(user.User, user.Logins, snapshot);
            var length = Encoding.UTF8.GetCharCount(shown.Utf8);
            if (part.Count > 0 && size + length > LargestBody)
            {
                Add(raised, part);
                (part, size) = ([], 0);
            }

            part.Add(shown.ToNode());
            size += length;
        }

        Add(raised, part);
        return raised;
    }

    /// <summary>Asks about all of them. After a refusal nobody is left waiting for what does not happen.</summary>
    /// <returns>Why there must be no import, or null.</returns>
    public static async Task<Refusal?> Ask(IEnumerable<OperationEvents> all)
    {
        var raised = all.ToList();
        // At once: who was asked first must not be kept waiting for the decision by all the others.
        var answers = await Task.WhenAll(raised.Select(events => events.Ask())).ConfigureAwait(false);
        if (answers.OfType<Refusal>().FirstOrDefault() is not { } refusal) return null;
        foreach (var agreed in raised.Where((_, index) => answers[index] is null)) await agreed.Abandon().ConfigureAwait(false);
        return refusal;
    }

    private static void Add(OperationEvents raised, JsonArray users) => raised.Add(EventTypes.UserBulkCreate, () => new JsonObject { ["users"] = users });
}
