using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;

namespace OrleansAuth.Recovery;

/// <summary>
/// One user as the holder of a password: the same grain as <see cref="Users.IUserGrain"/>, so what happens to the password
/// and to the rest of the user happens one after the other.
/// </summary>
[Alias("user-password")]
public interface IUserPasswordGrain : IGrainWithStringKey
{
    /// <summary>
    /// Hands out an id that opens the way to a new password and, if asked, mails a link with it. Not found for a user who
    /// does not exist, is deactivated or has another name.
    /// </summary>
    [Alias("begin-recovery")]
    Task<Outcome<RecoveryBegun>> BeginRecovery(BeginRecovery command);

    /// <summary>Whether what was handed out is still good for this user; null where the password or the address has changed since.</summary>
    [Alias("check-ticket"), Repeatable]
    Task<TicketHolder?> CheckTicket(PasswordTicket ticket);

    /// <summary>
    /// Changes the password by what the command proves. Everything that was handed out to change the old one is void with it,
    /// and by the tenant's policy every session is over.
    /// </summary>
    [Alias("change-password")]
    Task<Outcome<PasswordChanged>> ChangePassword(ChangePassword command);

    /// <summary>Lets the user in who has just changed the password. The gates are asked as with a password.</summary>
    [Alias("login-once")]
    Task<Outcome<LoginResult>> LogInOnce(LogInOnce command);
}

/// <param name="LinkOrigin">Where the link leads: scheme, host, port, perhaps a path. From settings, never from a request.</param>
/// <param name="ApplicationId">The application that the user comes from; one of another tenant is ignored.</param>
/// <param name="State">The caller's own JSON object, given back with the change; null for none.</param>
[GenerateSerializer, Immutable, Alias("recovery.begin.v1")]
public sealed record BeginRecovery(string LinkOrigin, Guid? ApplicationId, JsonText? State, Actor Actor)
{
    /// <summary>
    /// Mails the link, where that is the way to the user; only the holder of the mailbox gets to know the id, unless the caller is told.
    /// Who is named by a phone number is sent a text message, everybody else a mail; each stands in where the other leads nowhere.
    /// </summary>
    [Id(0)] public bool Mails { get; init; }

    /// <summary>An id that the caller chose; null for one of the tenant's shape.</summary>
    [Id(1)] public string? Ticket { get; init; }

    /// <summary>What was typed as a name: it must be one of this user's, of one of the types (empty for e-mail and username).</summary>
    [Id(2)] public string? LoginId { get; init; }

    [Id(3)] public ImmutableArray<string> LoginIdTypes { get; init; } = [];

    /// <summary>Sends the link to the phone, where that is the way to the user.</summary>
    [Id(4)] public bool Texts { get; init; }
}

/// <param name="Ticket">The id that opens the way; null where there is no way to send it to the user, and nothing was done.</param>
[GenerateSerializer, Immutable, Alias("recovery.begun.v1")]
public sealed record RecoveryBegun(string? Ticket);

/// <summary>The part of a handed out id that the user is asked about.</summary>
/// <param name="Generation">The generation of the password that it may change.</param>
/// <param name="MailedTo">The address that it was mailed to; null where it was not.</param>
[GenerateSerializer, Immutable, Alias("recovery.ticket.v1")]
public sealed record PasswordTicket(int Generation, string? MailedTo)
{
    /// <summary>The number that it was sent to; null where it was not.</summary>
    [Id(0)] public string? TextedTo { get; init; }

    /// <summary>Somebody other than the caller got it, so whoever shows it holds a mailbox or a phone.</summary>
    public bool WasSent => MailedTo is not null || TextedTo is not null;
}

/// <param name="LoginId">A name that the user signs in with, for password managers.</param>
[GenerateSerializer, Immutable, Alias("recovery.holder.v1")]
public sealed record TicketHolder(string LoginId)
{
    /// <summary>The change needs the proof of a second factor.</summary>
    [Id(0)] public bool NeedsTrust { get; init; }
}

/// <param name="Password">The new one, in the clear; never logged, never stored.</param>
/// <param name="CurrentPassword">Checked where it is given.</param>
[GenerateSerializer, Immutable, Alias("recovery.change-password.v1")]
public sealed record ChangePassword(string Password, string? CurrentPassword, Actor Actor)
{
    /// <summary>By what was handed out: it must still be good.</summary>
    [Id(0)] public PasswordTicket? Ticket { get; init; }

    /// <summary>By the name that the caller knows the user under; see <see cref="BeginRecovery.LoginId"/>.</summary>
    [Id(1)] public string? LoginId { get; init; }

    [Id(2)] public ImmutableArray<string> LoginIdTypes { get; init; } = [];

    /// <summary>The change is the user's own: who has a second factor must have proved it just now.</summary>
    [Id(3)] public bool NeedsTrust { get; init; }

    /// <summary>What the proof of a second factor gave out; null for nothing.</summary>
    [Id(4)] public string? TrustToken { get; init; }

    /// <summary>The text that the trust token was bound to; null for none.</summary>
    [Id(5)] public string? TrustChallenge { get; init; }

    /// <summary>Where the way to the new password began; null for the tenant itself.</summary>
    [Id(6)] public Guid? ApplicationId { get; init; }
}

/// <param name="Generation">The generation of the new password.</param>
[GenerateSerializer, Immutable, Alias("recovery.changed.v1")]
public sealed record PasswordChanged(int Generation);

/// <param name="Generation">The generation of the password that was set just before.</param>
[GenerateSerializer, Immutable, Alias("recovery.login-once.v1")]
public sealed record LogInOnce(int Generation, LoginWish Wish);
