using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>The scheme and the cost of new password hashes.</summary>
public sealed record PasswordEncryptionConfiguration : ContractObject
{
    public string? EncryptionScheme { get; init; } = "salted-pbkdf2-hmac-sha256";

    /// <summary>Iterations, or the power of two of bcrypt.</summary>
    public int EncryptionSchemeFactor { get; init; } = 24_000;

    public bool ModifyEncryptionSchemeOnLogin { get; init; }
}

/// <summary>What a new password must look like. Lengths count Unicode code points.</summary>
public sealed record PasswordValidationRules : ContractObject
{
    public PasswordBreachDetection BreachDetection { get; init; } = new();
    public bool DisallowUserLoginId { get; init; }
    public int MaxLength { get; init; } = 256;
    public int MinLength { get; init; } = 8;
    public RememberPreviousPasswords RememberPreviousPasswords { get; init; } = new();
    public bool RequireMixedCase { get; init; }
    public bool RequireNonAlpha { get; init; }
    public bool RequireNumber { get; init; }
    public bool ValidateOnLogin { get; init; }
}

/// <summary>Whether passwords are held against known breaches, and what follows.</summary>
public sealed record PasswordBreachDetection : ContractObject
{
    public BreachMatchMode MatchMode { get; init; } = BreachMatchMode.High;
    public Guid? NotifyUserEmailTemplateId { get; init; }
    public BreachAction OnLogin { get; init; } = BreachAction.Off;
    public bool Enabled { get; init; }
}

/// <summary>How many earlier passwords must not come back.</summary>
public sealed record RememberPreviousPasswords : ContractObject
{
    public int Count { get; init; } = 1;
    public bool Enabled { get; init; }
}

/// <summary>After how many days a password must be changed.</summary>
public sealed record MaximumPasswordAge : ContractObject
{
    public int Days { get; init; } = 180;
    public bool Enabled { get; init; }
}

/// <summary>How many seconds a password must stay.</summary>
public sealed record MinimumPasswordAge : ContractObject
{
    public int Seconds { get; init; } = 30;
    public bool Enabled { get; init; }
}

/// <summary>What a breached password leads to at a login.</summary>
public enum BreachAction { Off, RecordOnly, NotifyUser, RequireChange }

/// <summary>How much of login and password must match a breach.</summary>
public enum BreachMatchMode { Low, Medium, High }
