namespace OrleansAuth.Common;

/// <summary>
/// Finds the programs of other makers that tests start. One that is missing fails the test that needs it, with the
/// sentence that says how to get it: a test that quietly does without its tool proves nothing.
/// </summary>
internal static class Tools
{
    private static readonly string[] ChromiumNames = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The folder that holds the solution, found from the test assembly upwards.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot(AppContext.BaseDirectory);

    /// <summary>The folder of the Node.js programs that tests start.</summary>
    public static string Clients => Path.Combine(RepositoryRoot, "tests", "clients");

    /// <summary>The Node.js executable.</summary>
    public static string Node => OnPath("node") ?? throw Missing("Node.js 20");

    /// <summary>The <c>openssl</c> executable.</summary>
    public static string OpenSsl => OnPath("openssl") ?? throw Missing("openssl");

    /// <summary>The <c>oathtool</c> executable, which makes one-time passwords of its own.</summary>
    public static string OathTool => OnPath("oathtool") ?? throw Missing("oathtool");

    /// <summary>Prometheus' own checker of what it fetches.</summary>
    public static string Promtool => OnPath("promtool") ?? Fetched("promtool") ?? throw Missing("promtool");

    /// <summary>The program that renders Kubernetes manifests from a chart.</summary>
    public static string Helm => OnPath("helm") ?? Fetched("helm") ?? throw Missing("helm");

    /// <summary>The checker of YAML's form.</summary>
    public static string YamlLint => OnPath("yamllint") ?? throw Missing("yamllint");

    /// <summary>A Chromium that can run without a display.</summary>
    public static string Chromium =>
        ChromiumNames.Select(OnPath).FirstOrDefault(path => path is not null) ?? throw Missing("Chromium");

    /// <summary>
    /// The folder with <c>initdb</c>, <c>postgres</c> and <c>psql</c>: the newest of Debian's, which stand outside the
    /// search path, or else the one on the search path.
    /// </summary>
    public static string PostgresFolder =>
        DebianPostgresFolders().FirstOrDefault()
        ?? Path.GetDirectoryName(OnPath("initdb"))
        ?? throw Missing("PostgreSQL's server");

    /// <summary>The first executable of that name on the search path, or null.</summary>
    public static string? OnPath(string name) => FindIn(Environment.GetEnvironmentVariable("PATH") ?? "", name);

    /// <summary>A program that tests/run takes out of a package and leaves beside the build, without installing it.</summary>
    private static string? Fetched(string name) => Path.Combine(RepositoryRoot, "artifacts", "tools", name) is var path && File.Exists(path) ? path : null;

    /// <summary>The same on a search path given as text.</summary>
    internal static string? FindIn(string searchPath, string name) => searchPath
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>The failure of a test whose tool is not installed.</summary>
    internal static InvalidOperationException Missing(string tool) =>
        new($"{tool} is missing on this machine: run tests/run, it installs what the tests need.");

    internal static string FindRepositoryRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansAuth.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run outside their repository: no folder above holds OrleansAuth.sln.");
    }

    private static IEnumerable<string> DebianPostgresFolders()
    {
        var versions = new DirectoryInfo("/usr/lib/postgresql");
        if (!versions.Exists) return [];
        return versions.EnumerateDirectories()
            .Where(version => int.TryParse(version.Name, out _))
            .OrderByDescending(version => int.Parse(version.Name, System.Globalization.CultureInfo.InvariantCulture))
            .Select(version => Path.Combine(version.FullName, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")));
    }
}
