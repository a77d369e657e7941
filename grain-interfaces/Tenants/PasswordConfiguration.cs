using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed record PasswordEncryptionConfiguration : ContractObject
{
    public string? EncryptionScheme { get; init; } = "salted-pbkdf2-hmac-sha256";
    public int EncryptionSchemeFactor { get; init; } = 24_000;
    public bool ModifyEncryptionSchemeOnLogin { get; init; }
}

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

public sealed record PasswordBreachDetection : ContractObject
{
    public BreachMatchMode MatchMode { get; init; } = BreachMatchMode.High;
    public Guid? NotifyUserEmailTemplateId { get; init; }
    public BreachAction OnLogin { get; init; } = BreachAction.Off;
    public bool Enabled { get; init; }
}

public sealed record RememberPreviousPasswords : ContractObject
{
    public int Count { get; init; } = 1;
    public bool Enabled { get; init; }
}

public sealed record MaximumPasswordAge : ContractObject
{
    public int Days { get; init; } = 180;
    public bool Enabled { get; init; }
}

public sealed record MinimumPasswordAge : ContractObject
{
    public int Seconds { get; init; } = 30;
    public bool Enabled { get; init; }
}

public enum BreachAction { Off, RecordOnly, NotifyUser, RequireChange }

public enum BreachMatchMode { Low, Medium, High }
