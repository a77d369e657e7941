using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Forms;

/// <summary>Which fields a page asks for, in which order, in how many steps.</summary>
public sealed record Form : ConfigurationObject, INamed
{
    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>At least one; no field stands twice in a form.</summary>
    public ImmutableArray<FormStep> Steps { get; init; } = [];

    public FormType? Type { get; init; }
}

/// <summary>One page of a form.</summary>
public sealed record FormStep : ContractObject
{
    /// <summary>Ids of the fields, in their order; none in a step that verifies.</summary>
    public ImmutableArray<Guid> Fields { get; init; } = [];

    public FormStepType Type { get; init; } = FormStepType.CollectData;
}

/// <summary>What a step does.</summary>
public enum FormStepType
{
    [JsonStringEnumMemberName("collectData")] CollectData,
    [JsonStringEnumMemberName("verifyEmail")] VerifyEmail,
    [JsonStringEnumMemberName("verifyPhoneNumber")] VerifyPhoneNumber,
}

/// <summary>Where a form is used.</summary>
public enum FormType
{
    /// <summary>People register themselves.</summary>
    [JsonStringEnumMemberName("registration")] Registration,

    /// <summary>Administrators change a registration.</summary>
    [JsonStringEnumMemberName("adminRegistration")] AdminRegistration,

    /// <summary>Administrators change a user.</summary>
    [JsonStringEnumMemberName("adminUser")] AdminUser,

    /// <summary>People change their own account.</summary>
    [JsonStringEnumMemberName("selfServiceUser")] SelfServiceUser,
}
