using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Runs one import on the thread pool: it is work for all processors, and nobody else waits for this grain.</summary>
[GrainType("user-import")]
internal sealed class UserImportGrain(IStore store, ConfigurationReader configuration, ImportServices services, Clock clock) : Grain, IUserImportGrain
{
    public async Task<Outcome<ImportedUsers>> Import(ImportUsers command)
    {
        var snapshot = configuration.Current;
        if (snapshot.Find<Tenant>(UserImportGrainKeys.ReadTenant(this.GetPrimaryKeyString())) is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        DeactivateOnIdle();
        var import = new UserImport(store, snapshot, tenant, services, clock);
        return await Task.Run(() => import.Run(command));
    }
}
