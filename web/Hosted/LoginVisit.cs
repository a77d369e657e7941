using OrleansAuth.OAuth;
using OrleansAuth.Sessions;

namespace OrleansAuth.Hosted;

/// <summary>A visit of a browser to one of the pages of a login.</summary>
/// <param name="Sessions">Sessions of this browser in the tenant that are good, the one used last first.</param>
/// <param name="Query">The authorization request as text, with its question mark: every page of the login carries it along.</param>
internal sealed record LoginVisit(AuthorizationRequest Request, IReadOnlyList<SignOnView> Sessions, string Query);
