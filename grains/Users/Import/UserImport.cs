using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>One import: read and check all, look for names that are taken, hash what is in the clear, ask who may prevent it, store. Used once.</summary>
internal sealed class UserImport(IStore store, ConfigurationSnapshot snapshot, Tenant tenant, ImportServices services, Clock clock)
{
    /// <summary>Enough to make the cost of a transaction small, few enough that others who write wait for milliseconds.</summary>
    private const int UsersPerCommit = 250;

    private const int NamesPerQuery = 500;
    private const int MostErrors = 100;

    private Refusal? _vetoed;
    private readonly ConcurrentQueue<(int Index, ContractError Error)> _errors = new();

    public async Task<Outcome<ImportedUsers>> Run(ImportUsers command)
    {
        var users = Read(command);
        if (_errors.IsEmpty) Names(users);
        if (_errors.IsEmpty) await Taken(users).ConfigureAwait(false);
        if (!_errors.IsEmpty) return Refused();
        var hashed = await Hash(users).ConfigureAwait(false);
        if (hashed.Refusal is { } busy) return busy;
        var announced = new ImportedUserEvents(services.Events, snapshot, tenant, command.Actor);
        var chunks = hashed.Value!.Chunk(UsersPerCommit).Select(chunk => (Users: chunk, Raised: announced.Of(chunk))).ToList();
        if (await ImportedUserEvents.Ask(chunks.Select(chunk => chunk.Raised)).ConfigureAwait(false) is { } vetoed) return vetoed;
        await Parallel.ForEachAsync(chunks, Cores(), async (chunk, _) => await Store(chunk.Users, chunk.Raised).ConfigureAwait(false)).ConfigureAwait(false);
        if (!_errors.IsEmpty || _vetoed is not null) return _vetoed ?? Refused();
        var commit = new Commit();
        services.Audit.Append(commit, command.Actor, $"{users.Length} users were imported", tenant.Id);
        await store.Apply(commit).ConfigureAwait(false);
        return new ImportedUsers(users.Length);
    }

    private static ParallelOptions Cores() => new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private ImportedUser[] Read(ImportUsers command)
    {
        using var document = JsonDocument.Parse(command.Users.Utf8, ContractJson.DocumentOptions);
        var elements = document.RootElement.EnumerateArray().ToArray();
        var users = new ImportedUser?[elements.Length];
        var rules = new ImportedUserRules(snapshot, tenant, command, services.Factors, clock.Now);
        Parallel.For(0, elements.Length, Cores(), (index, loop) =>
        {
            var errors = new Errors($"users[{index}]");
            users[index] = rules.Read(elements[index], index, errors);
            foreach (var error in errors.ToImmutable()) _errors.Enqueue((index, error));
            if (_errors.Count >= MostErrors) loop.Stop();
        });
        return [.. users.OfType<ImportedUser>()];
    }

    /// <summary>Ids and names that the request itself has twice; where usernames need not be unique, they get their suffix.</summary>
    private void Names(ImportedUser[] users)
    {
        var ids = new HashSet<Guid>();
        var members = new HashSet<Guid>();
        var names = new HashSet<string>();
        for (var i = 0; i < users.Length; i++)
        {
            if (!ids.Add(users[i].User.Id)) Blame(users[i], "id", "duplicate");
            if (users[i].User.User.Memberships.Any(m => !members.Add(m.Id!.Value))) Blame(users[i], "memberships.id", "duplicate");
            users[i] = Distinct(users[i], names);
            foreach (var claim in UserCommit.LoginClaims(users[i].User.User))
                if (!names.Add(claim.Name)) Blame(users[i], Field(users[i], claim.Name), "duplicate");
        }
    }

    private ImportedUser Distinct(ImportedUser user, HashSet<string> names)
    {
        var rules = tenant.UsernameConfiguration.Unique;
        for (var attempt = 0; rules.Enabled && attempt < UniqueUsername.Attempts; attempt++)
        {
            if (LoginName.Normalise(user.User.User.UniqueUsername) is not { } name || !names.Contains(name)) break;
            user = Renamed(user, rules);
        }

        return user;
    }

    private ImportedUser Renamed(ImportedUser user, UniqueUsernameConfiguration rules)
    {
        var next = UniqueUsername.Next(user.User.User, rules);
        var trust = next.Verified ? IdentityTrust.Imported : new IdentityTrust(IdentityVerifiedReason.Pending);
        return user with { User = user.User with { User = UserIdentities.Fit(next, next, tenant, trust, clock.Now) } };
    }

    /// <summary>Ids and names that somebody has already.</summary>
    private async Task Taken(ImportedUser[] users)
    {
        foreach (var chunk in users.Chunk(NamesPerQuery))
        {
            var ids = chunk.ToDictionary(u => UserKeys.Owner(u.User.Id));
            var existing = await store.Query(
                "select id from state where kind = @kind and id in @ids", row => row.Text("id"), default,
                ("kind", UserKeys.State(default).Kind), ("ids", ids.Keys.ToArray())).ConfigureAwait(false);
            foreach (var id in existing) Blame(ids[id], "id", "duplicate");

            var names = chunk.SelectMany(u => UserCommit.LoginClaims(u.User.User).Select(c => (c.Name, User: u))).ToDictionary(n => n.Name, n => n.User);
            var held = await store.Query(
                "select name from claim where scope = @scope and name in @names", row => row.Text("name"), default,
                ("scope", UserKeys.Login(tenant.Id, "").Scope), ("names", names.Keys.ToArray())).ConfigureAwait(false);
            foreach (var name in held) Claimed(users, names[name], name);
            if (_errors.Count >= MostErrors) return;
        }
    }

    private void Claimed(ImportedUser[] users, ImportedUser user, string name)
    {
        var rules = tenant.UsernameConfiguration.Unique;
        if (rules.Enabled && name == LoginName.Normalise(user.User.User.UniqueUsername))
            users[user.Index] = Renamed(user, rules);
        else
            Blame(user, Field(user, name), "duplicate");
    }

    private async Task<Outcome<ImportedUser[]>> Hash(ImportedUser[] users)
    {
        var cost = PasswordStorage.CostOf(tenant);
        var retryAfter = TimeSpan.Zero;
        // A few at a time: an import must not fill the queue in which logins wait.
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16 * Environment.ProcessorCount };
        await Parallel.ForEachAsync(Enumerable.Range(0, users.Length).Where(index => users[index].Password is not null), options, async (index, stop) =>
        {
            var hashed = await services.Passwords.Hash(users[index].Password!, cost, stop).ConfigureAwait(false);
            if (hashed.Hash is { } hash) users[index] = users[index] with { Password = null, User = users[index].User with { Password = PasswordStorage.Stored(hash) } };
            else retryAfter = hashed.RetryAfter;
        }).ConfigureAwait(false);
        return retryAfter > TimeSpan.Zero ? Refusal.Busy(retryAfter) : users;
    }

    private async Task Store(ImportedUser[] chunk, OperationEvents raised)
    {
        var commit = new Commit();
        foreach (var user in chunk)
        {
            commit.PutUser(null, user.User, 0, user.Logins.LastLoginInstant);
            if (user.Logins != UserLogins.None) commit.Put(UserKeys.Logins(user.User.Id), 0, user.Logins.Write(), tenant.Id);
        }

        switch (await raised.Apply(commit).ConfigureAwait(false))
        {
            case CommitResult.Vetoed late:
                _vetoed = late.Why;
                break;
            case CommitResult.Duplicate duplicate:
                var holder = chunk.First(u => UserCommit.LoginClaims(u.User.User).Contains(duplicate.Claim) || u.User.User.Memberships.Any(m => UserKeys.Membership(m.Id!.Value) == duplicate.Claim));
                Blame(holder, Field(holder, duplicate.Claim.Name), "duplicate");
                break;
            case CommitResult.Conflict conflict:
                Blame(chunk.First(u => UserKeys.Owner(u.User.Id) == conflict.Key.Id), "id", "duplicate");
                break;
        }
    }

    private static string Field(ImportedUser user, string name) =>
        name == LoginName.Normalise(user.User.User.Email) ? "email"
        : name == LoginName.Normalise(user.User.User.UniqueUsername ?? user.User.User.Username) ? "username"
        : name == LoginName.Phone(user.User.User.PhoneNumber) ? "phoneNumber" : "memberships.id";

    private void Blame(ImportedUser user, string field, string rule) =>
        _errors.Enqueue((user.Index, ContractError.At($"users[{user.Index}].{field}", rule, $"Another user has this [{field}].")));

    private Refusal Refused() => Refusal.Invalid([.. _errors.OrderBy(e => e.Index).Select(e => e.Error).Take(MostErrors)]);
}
