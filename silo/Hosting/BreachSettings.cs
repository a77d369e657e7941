using Microsoft.Extensions.Configuration;
using OrleansAuth.Breaches;

namespace OrleansAuth.Hosting;

/// <summary>Reads where the hashes of breached passwords are.</summary>
internal static class BreachSettings
{
    private const string Setting = "Breaches:Folder";

    /// <exception cref="SettingsException">There is no such folder, it cannot be read, or it holds nothing of the kind.</exception>
    public static BreachCorpus Corpus(IConfiguration settings)
    {
        if (settings[Setting] is not { Length: > 0 } folder) return BreachCorpus.None;
        try
        {
            if (!Directory.Exists(folder)) throw new SettingsException($"The folder {folder} of the setting {Setting} does not exist.");
            return BreachCorpus.HasRanges(folder) ? new BreachCorpus(Path.GetFullPath(folder)) : throw new SettingsException(
                $"The folder {folder} of the setting {Setting} holds no range files. They are named by the first five hexadecimal digits of a SHA-1, such as 0A1B2 or 0A1B2.txt, and have lines REST:COUNT.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder {folder} of the setting {Setting} cannot be read: {error.Message}", error);
        }
    }
}
