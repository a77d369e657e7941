using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

/// <summary>Self-service registration: whether it is open, and what it asks for.</summary>
public sealed record RegistrationConfiguration : ContractObject
{
    public Requirable BirthDate { get; init; } = new();
    public bool CompleteRegistration { get; init; }
    public bool ConfirmPassword { get; init; }
    public Requirable FirstName { get; init; } = new();
    public Guid? FormId { get; init; }
    public Requirable FullName { get; init; } = new();
    public Requirable LastName { get; init; } = new();
    public LoginIdType LoginIdType { get; init; } = LoginIdType.Email;
    public Requirable MiddleName { get; init; } = new();
    public Requirable MobilePhone { get; init; } = new();
    public Requirable PreferredLanguages { get; init; } = new();
    public RegistrationType Type { get; init; } = RegistrationType.Basic;
    public bool Enabled { get; init; }
}

/// <summary>Which identity a new account signs in with.</summary>
public enum LoginIdType
{
    [JsonStringEnumMemberName("email")] Email,
    [JsonStringEnumMemberName("phoneNumber")] PhoneNumber,
    [JsonStringEnumMemberName("username")] Username,
}

/// <summary>One fixed page, or the steps of a form.</summary>
public enum RegistrationType
{
    [JsonStringEnumMemberName("basic")] Basic,
    [JsonStringEnumMemberName("advanced")] Advanced,
}
