using OrleansAuth.Audit;
using OrleansAuth.Breaches;
using OrleansAuth.Events;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Recovery;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.UserActions;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>What the slices around the user give to its grain, each a line.</summary>
/// <param name="Tickets">Ids that open the way to a new password.</param>
/// <param name="Audit">The log of changes.</param>
/// <param name="Log">What the server reports about itself.</param>
/// <param name="Notices">Messages to the user.</param>
/// <param name="Factors">Checks codes of second factors.</param>
/// <param name="Proofs">Ids that prove something about the user when they come back.</param>
/// <param name="Secrets">Marks of names that nobody has.</param>
/// <param name="Actions">The log of actions that were taken on users.</param>
/// <param name="ActionEvents">What follows from such an action.</param>
/// <param name="Breaches">Passwords that are known elsewhere.</param>
/// <param name="Events">Where events begin that others receive.</param>
/// <param name="Failures">The journal of logins that failed.</param>
internal sealed record UserServices(
    PasswordTickets Tickets,
    AuditLog Audit,
    EventLog Log,
    Notices Notices,
    SecondFactors Factors,
    Proofs Proofs,
    SecretBox Secrets,
    UserActionLogs Actions,
    UserActionEvents ActionEvents,
    BreachedPasswords Breaches,
    EventSource Events,
    LoginFailures Failures);
