using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Hosting;

/// <summary>
/// The key that seals secrets in the store: from <c>Secrets:MasterKey</c> (32 bytes as Base64), or on one machine from a
/// file beside the data, which the first start makes.
/// </summary>
internal static class MasterKey
{
    private const int Size = 32;
    private const string FileName = "master.key";

    /// <exception cref="StoreUnavailableException">The key is missing where it must be given, or is not one.</exception>
    public static SecretBox Open(IConfiguration settings, StoreOptions storage)
    {
        if (settings["Secrets:MasterKey"] is { Length: > 0 } text) return new SecretBox(Parse(text, "Secrets:MasterKey"));
        if (storage.IsPostgres)
            throw new StoreUnavailableException("Set Secrets:MasterKey to 32 random bytes in Base64 (openssl rand -base64 32), the same on every node. It seals the signing keys and other secrets in PostgreSQL.");
        var file = Path.Combine(storage.Path, FileName);
        if (!File.Exists(file)) Create(file);
        return new SecretBox(Parse(File.ReadAllText(file), file));
    }

    private static void Create(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, options);
            using var writer = new StreamWriter(stream);
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)));
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The master key cannot be written to {file}: {error.Message} Make the folder writable, or set Secrets:MasterKey.", error);
        }
    }

    private static byte[] Parse(string text, string origin)
    {
        try
        {
            var key = Convert.FromBase64String(text.Trim());
            if (key.Length == Size) return key;
        }
        catch (FormatException)
        {
            // Said below, without the text.
        }

        throw new StoreUnavailableException($"{origin} must hold {Size} bytes in Base64; make one with: openssl rand -base64 32");
    }
}
