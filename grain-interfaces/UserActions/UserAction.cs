using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.UserActions;

/// <summary>
/// What can be done to a user: a ban, a warning, a reward. Taking it on somebody leaves an entry in that user's log, see
/// <see cref="IUserActionsGrain"/>. Belongs to no tenant.
/// </summary>
public sealed record UserAction : ConfigurationObject, INamed
{
    public bool Active { get; init; } = true;
    public Guid? CancelEmailTemplateId { get; init; }
    public Guid? EndEmailTemplateId { get; init; }
    public bool IncludeEmailInEventJSON { get; init; }

    /// <summary>The name by locale, such as <c>de</c> or <c>fr_CA</c>.</summary>
    public ImmutableDictionary<string, string> LocalizedNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    public Guid? ModifyEmailTemplateId { get; init; }

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>What whoever takes it chooses from; only where it is not <see cref="Temporal"/>.</summary>
    public ImmutableArray<UserActionOption> Options { get; init; } = [];

    /// <summary>As long as it is in force, the user does not sign in. Demands <see cref="Temporal"/>.</summary>
    public bool PreventLogin { get; init; }

    public bool SendEndEvent { get; init; } = true;
    public Guid? StartEmailTemplateId { get; init; }

    /// <summary>It lasts: it has an expiry, and can be changed and cancelled until then.</summary>
    public bool Temporal { get; init; }

    /// <summary>How many receivers must agree to a step in its life before it is taken.</summary>
    public TransactionType TransactionType { get; init; } = TransactionType.None;

    public bool UserEmailingEnabled { get; init; }
    public bool UserNotificationsEnabled { get; init; }

    /// <summary>Whether it can keep somebody out now.</summary>
    [JsonIgnore]
    public bool KeepsOut => this is { Active: true, Temporal: true, PreventLogin: true };
}

/// <summary>One of the choices of an action.</summary>
public sealed record UserActionOption : ContractObject
{
    public ImmutableDictionary<string, string> LocalizedNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string Name { get; init; } = "";
}

/// <summary>Why an action is taken. Belongs to no tenant.</summary>
public sealed record UserActionReason : ConfigurationObject
{
    /// <summary>Short, for programs. Unique.</summary>
    public string Code { get; init; } = "";

    /// <summary>The text by locale.</summary>
    public ImmutableDictionary<string, string> LocalizedTexts { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>For people. Unique.</summary>
    public string Text { get; init; } = "";
}
