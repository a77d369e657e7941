namespace OrleansAuth.Benchmarks;

/// <summary>Where the build put the programs that the benchmark starts: beside its own, in the same configuration.</summary>
internal static class Build
{
    /// <summary>The path of another project's program, whether it exists or not.</summary>
    public static string Assembly(string project)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{project}.dll");
    }

    /// <summary>A file of the repository that is not built but run as it stands.</summary>
    public static string Source(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansAuth.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmark runs outside its repository: no folder above holds OrleansAuth.sln.");
        return Path.Combine(folder.FullName, path);
    }
}
