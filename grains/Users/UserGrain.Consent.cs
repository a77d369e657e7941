using OrleansAuth.Common;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>What the user agreed to when applications of others asked for scopes.</summary>
internal sealed partial class UserGrain
{
    public Task<ConsentView?> RememberedConsent(Guid applicationId) => Task.FromResult(
        _user is { } user && user.OAuthConsents.TryGetValue(applicationId, out var known) && clock.Now < known.ExpiresAt ? new ConsentView(known.Asked, known.Granted) : null);

    public async Task<Outcome<ConsentView>> RememberConsent(RememberConsent command)
    {
        var refusal = await Commit(new UserChange(command.Actor, $"asked for consent by application [{command.ApplicationId}] and granted [{command.Decision.Granted}]"), _ =>
        {
            if (_user is not { } user) return Task.FromResult<Outcome<StoredUser>>(Refusal.NotFound);
            var now = clock.Now;
            var decision = new StoredConsent(command.Decision.Asked, command.Decision.Granted, now + (long)command.Lifetime.TotalMilliseconds);
            var known = user.OAuthConsents.RemoveRange(user.OAuthConsents.Where(c => c.Value.ExpiresAt <= now).Select(c => c.Key));
            return Task.FromResult<Outcome<StoredUser>>(user with { OAuthConsents = known.SetItem(command.ApplicationId, decision) });
        });
        return refusal is null ? command.Decision : refusal;
    }
}
