namespace OrleansAuth.Storage;

/// <summary>The data folder of a one-machine installation, held by this process while it runs.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly FileStream _held;

    private SqliteFolder(string path, FileStream held) => (Path, _held) = (path, held);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The database file.</summary>
    public string File => System.IO.Path.Combine(Path, "store.db");

    /// <summary>Takes a folder, creating it when it is missing.</summary>
    /// <exception cref="StoreUnavailableException">Another process holds it, or it cannot be created or written.</exception>
    public static SqliteFolder Take(string given)
    {
        var path = System.IO.Path.GetFullPath(given);
        try
        {
            // It holds password hashes and keys: nobody else on the machine may look.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data folder '{path}' cannot be created. Create it and let this user write it, or choose another with Storage:Path.", reason);
        }

        try
        {
            // The system lets go of the lock when the process ends, however it ends; the file itself may stay.
            var held = new FileStream(System.IO.Path.Combine(path, "store.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new SqliteFolder(path, held);
        }
        catch (UnauthorizedAccessException reason)
        {
            throw new StoreUnavailableException(
                $"The data folder '{path}' cannot be written. Give this user the right to write it, or choose another with Storage:Path.", reason);
        }
        catch (IOException reason) when (IsReadOnly(reason))
        {
            throw new StoreUnavailableException(
                $"The data folder '{path}' is on a read-only file system. Make it writable, or choose another with Storage:Path.", reason);
        }
        catch (IOException reason)
        {
            throw new StoreUnavailableException(
                $"The data folder '{path}' is in use by another process. Stop that one first, or choose another folder with Storage:Path.", reason);
        }
    }

    public void Dispose() => _held.Dispose();

    // EROFS is 30 on Linux and macOS; .NET has no exception of its own for it.
    private static bool IsReadOnly(IOException reason) => (reason.HResult & 0xFFFF) == 30 && !OperatingSystem.IsWindows();
}
