using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>
/// What others hear of the user. Every commit passes through <see cref="Store"/>, which tells the difference that it makes; what no
/// difference shows (a login, a message that was sent) the operation adds.
/// </summary>
internal sealed partial class UserGrain
{
    /// <summary>What an operation tells; null where nobody receives anything of this tenant.</summary>
    private UserTelling? Telling(Actor actor) => Hears() ? new UserTelling(actor) : null;

    private bool Hears() => Receivers.In(configuration.Current).Any(_tenantId);

    private bool Hears(string type) => !Receivers.In(configuration.Current).Of(_tenantId, type).IsEmpty;

    private OperationEvents Raise(UserTelling telling, StoredUser? next, UserLogins logins)
    {
        var payload = new UserPayload(_user, _logins, next, logins, configuration.Current);
        var events = services.Events.Begin(_tenantId, _userId, telling.Info);
        foreach (var told in UserDifference.Of(_user, next, telling).Concat(telling.Events))
            events.Add(told.Type, () => told.Members(payload), transaction: telling.AsksNobody ? TransactionType.None : told.Transaction);
        return events;
    }

    /// <summary>What a commit means that did not happen: why, or null after a lost race; the grain then holds what is stored now.</summary>
    private async Task<Outcome<T>?> NotStored<T>(CommitResult result)
    {
        if (result is CommitResult.Vetoed vetoed) return vetoed.Why;
        await Load();
        return null;
    }

    /// <summary>Somebody was to get a name that somebody else has: an event about the one who has it.</summary>
    private void RaiseDuplicate(Commit commit, UserTelling telling, WantedName wanted, StoredUser holder, UserLogins logins)
    {
        var snapshot = configuration.Current;
        services.Events.Begin(_tenantId, holder.Id, telling.Info).Add(_user is null ? EventTypes.UserLoginIdDuplicateCreate : EventTypes.UserLoginIdDuplicateUpdate, () => new JsonObject
        {
            [$"duplicate{char.ToUpperInvariant(wanted.Type[0])}{wanted.Type[1..]}"] = wanted.Value,
            ["duplicateIdentities"] = new JsonArray(new JsonObject { ["type"] = wanted.Type, ["value"] = wanted.Value }),
            ["existing"] = UserPayload.Show(holder, logins, snapshot).ToNode(),
            ["user"] = UserPayload.Show(new StoredUser { User = wanted.User }, UserLogins.None, snapshot).ToNode(),
        }).AddTo(commit);
    }

    /// <summary>A name of a user that somebody else has.</summary>
    /// <param name="Type"><c>email</c>, <c>username</c> or <c>phoneNumber</c>.</param>
    private sealed record WantedName(User User, string Type)
    {
        public string? Value => Type switch
        {
            UserIdentities.Email => User.Email,
            UserIdentities.Username => User.UniqueUsername ?? User.Username,
            _ => User.PhoneNumber,
        };
    }
}
