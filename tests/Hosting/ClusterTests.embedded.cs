using OrleansAuth.Setup;

namespace OrleansAuth.Hosting;

public sealed partial class ClusterTests
{
    [Fact]
    public Task One_machine_is_no_part_of_a_cluster() => Refuses(
        ServerProcess.Launch(_folder.Path, "--urls=http://127.0.0.1:0", "--Silo:ClusterId=one"),
        "The server did not start. Silo:ClusterId makes this process part of a cluster, which needs the cluster build");

    [Fact]
    public Task There_is_no_silo_of_its_own() => Refuses(ServerProcess.LaunchSilo(_folder.Path), "A silo of its own needs the cluster build");
}
