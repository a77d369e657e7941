using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Setup;

/// <summary>
/// The first administrator's id is stored before the user is made: whoever comes second, in this process or another, works
/// on the same id and so cannot make a second one.
/// </summary>
[GrainType("setup")]
internal sealed class SetupGrain(IStore store, ConfigurationReader configuration, SystemEvents events, Clock clock) : Grain, ISetupGrain
{
    private static readonly StateKey Key = new("setup", "system");
    private long _version;
    private Progress _progress = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await store.Read(Key, cancellationToken) is { } stored)
            (_version, _progress) = (stored.Version, ContractJson.Read<Progress>(stored.Body.Span));
    }

    public async Task<SetupState> Read() => new(await HasAdministrator(), await Untouched(), _progress.Kickstart);

    public async Task<Outcome<UserView>> CreateAdministrator(CreateAdministrator command)
    {
        if (await HasAdministrator()) return AlreadySetUp;
        if (_progress.AdministratorId == Guid.Empty && !await Save(_progress with { AdministratorId = Guid.CreateVersion7() })) return AlreadySetUp;
        var user = (JsonObject)JsonNode.Parse(command.User.Utf8.Span)!;
        user["id"] = _progress.AdministratorId;
        var registration = new JsonObject { ["applicationId"] = WellKnown.AdministrationApplication, ["roles"] = new JsonArray("admin") };
        var tenantId = configuration.Current.Find<Application>(WellKnown.AdministrationApplication)!.TenantId!.Value;
        var created = await GrainFactory.User(tenantId, _progress.AdministratorId)
            .Create(new CreateUser(JsonText.From(user), JsonText.From(registration), SendSetPasswordEmail: false, SkipVerification: true, command.Actor));
        return created.Then(c => new UserView(c.User));
    }

    public async Task<Outcome<SetupState>> BeginKickstart()
    {
        if (_progress.Kickstart == KickstartProgress.Begun)
            return Refusal.Invalid(ContractError.General("[kickstartCutShort]", "An earlier kickstart did not reach its end, so this system is half set up."));
        if (_progress.Kickstart == KickstartProgress.Ended || !await Untouched())
            return Refusal.Invalid(ContractError.General("[alreadySetUp]", "This system has been used already."));
        return await Save(_progress with { Kickstart = KickstartProgress.Begun }) ? await Read() : AlreadySetUp;
    }

    public Task<Outcome<ConfigurationView>> CreateApiKey(Guid id, JsonText apiKey) =>
        GrainFactory.Configuration(Families.ApiKeys, id).Create(new CreateConfiguration(apiKey, null, null, new Actor("kickstart")));

    public async Task<Outcome<SetupState>> EndKickstart()
    {
        if (_progress.Kickstart == KickstartProgress.Ended) return await Read();
        // Chosen here, where it is first told, and kept: the id of this installation.
        var instance = _progress.InstanceId ?? Guid.CreateVersion7();
        var ended = await Save(_progress with { Kickstart = KickstartProgress.Ended, InstanceId = instance }, commit =>
            events.Tell(commit, EventTypes.KickstartSuccess, OrderedId.New(clock.Now), null, null, () => new JsonObject { ["instanceId"] = instance }));
        return ended ? await Read() : Refusal.Conflict;
    }

    private static Refusal AlreadySetUp => Refusal.Invalid(ContractError.General("[alreadySetUp]", "This system has an administrator already. Sign in instead."));

    private async Task<bool> HasAdministrator() => (await store.Query(
        "select user_id from user_registration where application_id = @application limit 1", row => row.Guid("user_id"),
        parameters: ("application", WellKnown.AdministrationApplication))).Count > 0;

    private async Task<bool> Untouched()
    {
        var snapshot = configuration.Current;
        return snapshot.Count<ApiKey>() == 0 && snapshot.Count<Tenant>() == 1 && snapshot.All<Application>().All(a => a.Id == WellKnown.AdministrationApplication || a.Id == WellKnown.TenantManagerApplication)
            && (await store.Query("select id from user_search limit 1", row => row.Guid("id"))).Count == 0;
    }

    private async Task<bool> Save(Progress next, Action<Commit>? more = null)
    {
        var commit = new Commit().Put(Key, _version, ContractJson.Write(next));
        more?.Invoke(commit);
        if (await store.Apply(commit) is not CommitResult.Committed)
        {
            DeactivateOnIdle();
            return false;
        }

        (_version, _progress) = (_version + 1, next);
        return true;
    }

    private sealed record Progress
    {
        public Guid AdministratorId { get; init; }
        public KickstartProgress Kickstart { get; init; }

        /// <summary>Of this installation, as events tell it; null until it was told once.</summary>
        public Guid? InstanceId { get; init; }
    }
}
