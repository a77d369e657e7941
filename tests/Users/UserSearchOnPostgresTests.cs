using System.Security.Cryptography;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>Every promise of the search, on the other database.</summary>
public sealed class UserSearchOnPostgresTests(UserSearchOnPostgresTests.PostgresWorld world)
    : UserSearchTests(world), IClassFixture<UserSearchOnPostgresTests.PostgresWorld>
{
    public sealed class PostgresWorld : World
    {
        protected override async Task<TestServer> Serve() => await TestServer.Start(settings:
        [
            $"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}",
            $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
        ]);

        public override async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
