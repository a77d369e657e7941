using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

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

public enum LoginIdType
{
    [JsonStringEnumMemberName("email")] Email,
    [JsonStringEnumMemberName("phoneNumber")] PhoneNumber,
    [JsonStringEnumMemberName("username")] Username,
}

public enum RegistrationType
{
    [JsonStringEnumMemberName("basic")] Basic,
    [JsonStringEnumMemberName("advanced")] Advanced,
}
