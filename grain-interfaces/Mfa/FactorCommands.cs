using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;

namespace OrleansAuth.Mfa;

/// <summary>Begins to ask for a second factor.</summary>
[GenerateSerializer, Immutable, Alias("factor.start.v1")]
public sealed record StartFactor(Guid? ApplicationId, Actor Actor)
{
    /// <summary>A code of the caller's own that is to be right; null makes one.</summary>
    [Id(0)] public string? Code { get; init; }

    /// <summary>The caller's own JSON object, given back with the proof; null for none.</summary>
    [Id(1)] public JsonText? State { get; init; }

    /// <summary>Whoever uses the trust token must know this text; null where nobody has to.</summary>
    [Id(2)] public string? TrustChallenge { get; init; }

    /// <summary>A single sign-on session that was opened without a second factor and is to have one.</summary>
    [Id(3)] public SessionWithoutFactor? Session { get; init; }

    /// <summary>Only a trust token is wanted, to change the password that this opens; nobody is signed in by it.</summary>
    [Id(4)] public PasswordTicket? Ticket { get; init; }
}

/// <param name="Opened">When it was opened: a revocation since then ends it.</param>
/// <param name="SignedIn">When the user proved the first factor, milliseconds since 1970.</param>
[GenerateSerializer, Immutable, Alias("factor.session.v1")]
public sealed record SessionWithoutFactor(Guid SessionId, long Opened, long SignedIn, string AuthenticationType, OpenSignOn Browser);

/// <param name="Challenge">What to prove; nothing in it is hidden from the caller, so show it to callers with a key only.</param>
/// <param name="Code">A code that is right for this challenge, to be brought to the user by the caller; null where the user's own methods have to do.</param>
[GenerateSerializer, Immutable, Alias("factor.started.v1")]
public sealed record FactorStarted(TwoFactorChallenge Challenge, string? Code)
{
    /// <summary>Names the id only in its length: it stands for a login.</summary>
    public override string ToString() => "started second factor";
}

/// <summary>A code is to be sent: for a challenge, to prove a new address, or to remove a method.</summary>
[GenerateSerializer, Immutable, Alias("factor.send.v1")]
public sealed record SendFactorCode(Actor Actor)
{
    /// <summary>The challenge that the code is for; null for none.</summary>
    [Id(0)] public string? TwoFactorId { get; init; }

    /// <summary>The method that brings it. Null where the address is new.</summary>
    [Id(1)] public string? MethodId { get; init; }

    /// <summary>For a new address: <c>email</c> or <c>sms</c>.</summary>
    [Id(2)] public string? Method { get; init; }

    /// <summary>The new address or number.</summary>
    [Id(3)] public string? Target { get; init; }

    [Id(4)] public Guid? ApplicationId { get; init; }
}

[GenerateSerializer, Immutable, Alias("factor.sent.v1")]
public sealed record FactorCodeSent(string Method);

/// <param name="Code">A code of one of the user's methods, a code that was sent, or a recovery code.</param>
[GenerateSerializer, Immutable, Alias("factor.prove.v1")]
public sealed record ProveFactor(string TwoFactorId, string Code, Actor Actor)
{
    /// <summary>The device is to be trusted from now on.</summary>
    [Id(0)] public bool TrustsComputer { get; init; }

    /// <summary>What the device holds from before; its trusts in other applications go over into the new one.</summary>
    [Id(1)] public string? TrustId { get; init; }

    /// <summary>The contract's <c>metaData</c> of the session to open; null takes that of the login.</summary>
    [Id(2)] public JsonText? Device { get; init; }

    /// <summary>No session is wanted, whatever the login wanted.</summary>
    [Id(3)] public bool WithoutSession { get; init; }

    /// <summary>The application that the login has to be for; null for whichever it is.</summary>
    [Id(4)] public Guid? ApplicationId { get; init; }

    /// <summary>Names nothing that was typed.</summary>
    public override string ToString() => "proof of a second factor";
}

/// <param name="Login">How the login went on; null where the code was wrong, or nobody was to be signed in.</param>
/// <param name="TrustToken">Lets the user change what needs a second factor, once; null where the code was wrong.</param>
[GenerateSerializer, Immutable, Alias("factor.proved.v1")]
public sealed record FactorProved(LoginResult? Login, string? TrustToken)
{
    /// <summary>What the trusted device is to keep, where that was asked for and the application has trusted devices.</summary>
    [Id(0)] public string? TrustId { get; init; }

    /// <summary>For how long the device is trusted, in seconds.</summary>
    [Id(1)] public long TrustLifetime { get; init; }

    /// <summary>The application that the login was for.</summary>
    [Id(2)] public Guid? ApplicationId { get; init; }

    public bool WasWrong => TrustToken is null;

    /// <summary>Names no token.</summary>
    public override string ToString() => WasWrong ? "wrong code" : "right code";
}

/// <param name="Method">One of <see cref="FactorMethods"/>.</param>
/// <param name="Code">Proves that the user has it.</param>
[GenerateSerializer, Immutable, Alias("factor.add.v1")]
public sealed record AddFactor(string Method, string Code, Actor Actor)
{
    /// <summary>The shared secret of an authenticator.</summary>
    [Id(0)] public ImmutableArray<byte> Secret { get; init; } = [];

    /// <summary>The address or number that codes are sent to.</summary>
    [Id(1)] public string? Target { get; init; }

    /// <summary>What the user calls it; null for nothing.</summary>
    [Id(2)] public string? Name { get; init; }

    /// <summary>A login that demanded a second factor and is to go on; null for none.</summary>
    [Id(3)] public string? TwoFactorId { get; init; }

    /// <summary>What is in a YubiKey, where this server checks its codes itself; null where a validation server does.</summary>
    [Id(4)] public YubiKeySecret? YubiKey { get; init; }

    [Id(5)] public Guid? ApplicationId { get; init; }

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"new {Method}";
}

/// <param name="PublicId">12 characters of modhex that every code of the key begins with.</param>
/// <param name="PrivateId">6 bytes.</param>
/// <param name="AesKey">16 bytes.</param>
[GenerateSerializer, Immutable, Alias("factor.yubikey.v1")]
public sealed record YubiKeySecret(string PublicId, ImmutableArray<byte> PrivateId, ImmutableArray<byte> AesKey)
{
    /// <summary>Names the public id only.</summary>
    public override string ToString() => $"YubiKey {PublicId}";
}

/// <param name="MethodId">The method to remove.</param>
/// <param name="Code">A code of it, or a recovery code.</param>
[GenerateSerializer, Immutable, Alias("factor.remove.v1")]
public sealed record RemoveFactor(string? MethodId, string? Code, Actor Actor)
{
    /// <summary>An operator removes the method of somebody who has lost it: no code is asked for, and the user is told.</summary>
    [Id(0)] public bool ByOperator { get; init; }

    [Id(1)] public Guid? ApplicationId { get; init; }

    /// <summary>Names no code.</summary>
    public override string ToString() => $"removal of {MethodId}";
}

[GenerateSerializer, Immutable, Alias("factor.rename.v1")]
public sealed record RenameFactor(string MethodId, string? Name, Actor Actor);

[GenerateSerializer, Immutable, Alias("factor.renew.v1")]
public sealed record RenewRecoveryCodes(Actor Actor);

/// <param name="WasWrong">The code was wrong; nothing has changed.</param>
/// <param name="RecoveryCodes">New recovery codes, shown this once; empty where there are none.</param>
[GenerateSerializer, Immutable, Alias("factor.changed.v1")]
public sealed record FactorsChanged(bool WasWrong, ImmutableArray<string> RecoveryCodes)
{
    /// <summary>Proves the second factor of the login that demanded it.</summary>
    [Id(0)] public string? Code { get; init; }

    /// <summary>Names no code.</summary>
    public override string ToString() => WasWrong ? "wrong code" : "factors changed";
}

/// <summary>What is about to be done with a second factor.</summary>
public enum FactorAction
{
    /// <summary>A login.</summary>
    Login,

    /// <summary>A change of the password by the user.</summary>
    ChangePassword,

    /// <summary>Something that always wants it.</summary>
    StepUp,
}

/// <param name="TrustId">What the device holds; null for nothing.</param>
[GenerateSerializer, Immutable, Alias("factor.read-status.v1")]
public sealed record ReadFactorStatus(Guid? ApplicationId, FactorAction Action, string? TrustId);

/// <param name="Challenged">The action would ask for a second factor.</param>
/// <param name="Methods">What the user has, as the API shows it to callers with a key; an array.</param>
/// <param name="Trusts">Where the device is trusted, as the API shows it; an array.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are good.</param>
[GenerateSerializer, Immutable, Alias("factor.status.v1")]
public sealed record FactorStatus(bool Challenged, JsonText Methods, JsonText Trusts, int RecoveryCodesLeft)
{
    /// <summary>The methods with addresses masked, for who has proved one factor only.</summary>
    [Id(0)] public required JsonText Masked { get; init; }
}
