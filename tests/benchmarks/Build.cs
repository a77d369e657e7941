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
}
