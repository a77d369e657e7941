using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>The access token that an answer about a new user holds.</summary>
internal sealed class FirstToken(TokenIssuer tokens)
{
    /// <summary>
    /// Adds <c>token</c> and <c>tokenExpirationInstant</c>, unless the user has to pass a gate first or no key can sign: the
    /// user exists in any case, and signs in later.
    /// </summary>
    public void Add(JsonObject answer, UserCreated created, Guid? applicationId, ApiRequest request)
    {
        if (IsGated(created, applicationId, request)) return;
        if (tokens.IssueForCreated(request.Snapshot, created, applicationId).Value is not { } issued) return;
        answer["token"] = issued.Token;
        answer["tokenExpirationInstant"] = issued.ExpiresAt;
    }

    private static bool IsGated(UserCreated created, Guid? applicationId, ApiRequest request)
    {
        var tenant = request.Snapshot.Find<Tenant>(created.Subject.TenantId);
        if (tenant is { EmailConfiguration: { VerifyEmail: true, Unverified.Behavior: UnverifiedBehavior.Gated } } && created.Subject is { Email: not null, EmailVerified: false })
            return true;
        return request.Snapshot.Find<Application>(applicationId) is { VerifyRegistration: true, Unverified.Behavior: UnverifiedBehavior.Gated }
            && created.Registration is { } registration && !registration.Read<UserRegistration>().Verified;
    }
}
