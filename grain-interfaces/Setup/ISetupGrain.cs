using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Setup;

/// <summary>How far this system has been set up; there is one such grain.</summary>
[Alias("setup")]
public interface ISetupGrain : IGrainWithStringKey
{
    /// <summary>What has been done so far.</summary>
    [Alias("read"), Repeatable]
    Task<SetupState> Read();

    /// <summary>
    /// Creates the first administrator. Refuses with <c>[alreadySetUp]</c> once there is one, also when two ask at once.
    /// </summary>
    [Alias("create-administrator")]
    Task<Outcome<UserView>> CreateAdministrator(CreateAdministrator command);

    /// <summary>Begins a kickstart. Refuses where the system was touched before, or an earlier kickstart did not end.</summary>
    [Alias("begin-kickstart")]
    Task<Outcome<SetupState>> BeginKickstart();

    /// <summary>Creates an API key of a kickstart, which may manage keys.</summary>
    [Alias("create-key")]
    Task<Outcome<ConfigurationView>> CreateApiKey(Guid id, JsonText apiKey);

    /// <summary>Marks the kickstart as complete.</summary>
    [Alias("end-kickstart")]
    Task<Outcome<SetupState>> EndKickstart();
}

/// <summary>What happened to a kickstart.</summary>
public enum KickstartProgress
{
    None,
    Begun,
    Ended,
}

/// <param name="HasAdministrator">Somebody is registered for the administration application.</param>
/// <param name="Untouched">There is nothing but what the first start made.</param>
[GenerateSerializer, Immutable, Alias("setup.state.v1")]
public sealed record SetupState(bool HasAdministrator, bool Untouched, KickstartProgress Kickstart);

/// <param name="User">The user, password in the clear.</param>
[GenerateSerializer, Immutable, Alias("setup.administrator.v1")]
public sealed record CreateAdministrator(JsonText User, Actor Actor);

/// <summary>How the setup grain is found.</summary>
public static class SetupGrainKeys
{
    /// <summary>The only place that knows the key.</summary>
    public static ISetupGrain Setup(this IGrainFactory grains) => grains.GetGrain<ISetupGrain>("setup");
}
