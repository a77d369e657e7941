using System.Collections.Concurrent;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Groups;

/// <summary>
/// Memberships that begin and end, collected by user: everything that happens to one user is one commit. Users are
/// changed one beside the other, so a change of many users that is cut short can be repeated as a whole.
/// </summary>
internal sealed class MemberChange
{
    /// <summary>How many users are changed at once for one request.</summary>
    private const int AtOnce = 16;

    private readonly Dictionary<(Guid TenantId, Guid UserId), (List<JoinGroup> Join, List<Guid> Leave)> _users = [];

    /// <summary>Adds a membership, or changes the data of the one there is.</summary>
    public void Join(Guid tenantId, Guid userId, JoinGroup join) => Of(tenantId, userId).Join.Add(join);

    /// <param name="groupOrMember">The id of a group or of a membership.</param>
    public void Leave(Guid tenantId, Guid userId, Guid groupOrMember) => Of(tenantId, userId).Leave.Add(groupOrMember);

    /// <summary>Makes the change.</summary>
    /// <returns>The users as they are afterwards, or the first refusal; users before it stay changed.</returns>
    public async Task<Outcome<IReadOnlyDictionary<Guid, User>>> Run(IGrainFactory grains, Actor actor)
    {
        var changed = new ConcurrentDictionary<Guid, User>();
        Refusal? refused = null;
        using var first = new CancellationTokenSource();
        try
        {
            await Parallel.ForEachAsync(_users, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = first.Token }, async (user, _) =>
            {
                var outcome = await grains.User(user.Key.TenantId, user.Key.UserId)
                    .ChangeMemberships(new ChangeMemberships([.. user.Value.Join], [.. user.Value.Leave], actor));
                if (outcome.Value is { } view) changed[user.Key.UserId] = view.User.Read<User>();
                // Whoever was removed in the meantime has left every group.
                else if (outcome.Refusal is { Kind: RefusalKind.NotFound } && user.Value.Join.Count == 0) return;
                else if (Interlocked.CompareExchange(ref refused, outcome.Refusal, null) is null) await first.CancelAsync();
            });
        }
        catch (OperationCanceledException) when (refused is not null)
        {
            // A refusal ended the rest.
        }

        return refused is null ? changed : refused;
    }

    private (List<JoinGroup> Join, List<Guid> Leave) Of(Guid tenantId, Guid userId)
    {
        if (!_users.TryGetValue((tenantId, userId), out var change)) _users[(tenantId, userId)] = change = ([], []);
        return change;
    }
}
