using System.Collections.Immutable;

namespace OrleansAuth.Common;

/// <summary>What a grain answers: a value, or why not. Exceptions are for bugs and outages only.</summary>
[GenerateSerializer, Immutable, Alias("outcome.v1`1")]
public sealed record Outcome<T>
{
    [Id(0)] public T? Value { get; init; }
    [Id(1)] public Refusal? Refusal { get; init; }

    public static implicit operator Outcome<T>(T value) => new() { Value = value };

    public static implicit operator Outcome<T>(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>Goes on with the value, or passes the refusal on.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, TNext> next) => Refusal is { } refusal ? refusal : next(Value!);
}

/// <summary>What a refusal means; the web tier has one table from here to status codes.</summary>
public enum RefusalKind
{
    /// <summary>The request is wrong; <see cref="Refusal.Errors"/> says where.</summary>
    Invalid,

    /// <summary>There is no such thing in this tenant.</summary>
    NotFound,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>Somebody else changed it at the same time; trying again may help.</summary>
    Conflict,

    /// <summary>Too much work is waiting; <see cref="Refusal.RetryAfter"/> says how long to wait.</summary>
    Busy,

    /// <summary>Too few receivers of an event agreed to what it tells; nothing was changed.</summary>
    Vetoed,
}

/// <summary>Why something was not done.</summary>
/// <param name="Errors">For <see cref="RefusalKind.Invalid"/>, at least one.</param>
/// <param name="RetryAfter">For <see cref="RefusalKind.Busy"/>.</param>
[GenerateSerializer, Immutable, Alias("refusal.v1")]
public sealed record Refusal(RefusalKind Kind, ImmutableArray<ContractError> Errors, TimeSpan? RetryAfter = null)
{
    public static readonly Refusal NotFound = new(RefusalKind.NotFound, []);
    public static readonly Refusal Conflict = new(RefusalKind.Conflict, []);

    /// <summary>The transaction of an event failed.</summary>
    public static readonly Refusal Vetoed = new(RefusalKind.Vetoed, []);

    public static Refusal Invalid(params ImmutableArray<ContractError> errors) => new(RefusalKind.Invalid, errors);

    public static Refusal Busy(TimeSpan retryAfter) => new(RefusalKind.Busy, [], retryAfter);
}

/// <summary>One error of the contract's body.</summary>
/// <param name="Field">The path from the request's root, such as <c>user.email</c>; null for a general error.</param>
/// <param name="Code">The rule in brackets, followed by the path, such as <c>[duplicate]user.email</c>. Codes never change.</param>
/// <param name="Message">For people. It may change, and never repeats a secret.</param>
[GenerateSerializer, Immutable, Alias("contract-error.v1")]
public sealed record ContractError(string? Field, string Code, string Message)
{
    /// <summary>An error of one field, with the code that the contract derives from rule and path.</summary>
    public static ContractError At(string field, string rule, string message) => new(field, $"[{rule}]{field}", message);

    public static ContractError General(string code, string message) => new(null, code, message);
}
