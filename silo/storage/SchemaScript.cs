using System.Globalization;
using System.Reflection;

namespace OrleansAuth.Storage;

/// <summary>
/// One numbered step of the schema, embedded as <c>Schema/{dialect}/NNNN_name.sql</c>. A script is never edited once
/// released, and each leaves a schema that the version before still works with, so silos can be replaced one by one.
/// </summary>
internal sealed record SchemaScript(int Number, string Name, string Sql)
{
    /// <summary>The scripts of a dialect (<c>sqlite</c> or <c>postgres</c>), in order.</summary>
    public static IReadOnlyList<SchemaScript> All(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $".Schema.{dialect}.";
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               let start = resource.IndexOf(folder, StringComparison.Ordinal)
               where start >= 0
               let file = resource[(start + folder.Length)..]
               let number = int.Parse(file[..4], CultureInfo.InvariantCulture)
               orderby number
               select new SchemaScript(number, file, Read(assembly, resource)),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
