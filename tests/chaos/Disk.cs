using OrleansAuth.Benchmarks;

namespace OrleansAuth.Chaos;

/// <summary>A small file system in memory that holds the store, so that a full disk can be had; only root may make one.</summary>
internal sealed class Disk : IDisposable
{
    private readonly string _folder;
    private bool _mounted = true;

    private Disk(string folder) => _folder = folder;

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Mounts one of so many megabytes over the folder; null where this account may not.</summary>
    public static async Task<Disk?> Mount(string folder, int megabytes)
    {
        try
        {
            await Scratch.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0711", "orleansauth-chaos", folder);
            return new Disk(folder);
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Writes until nothing more fits.</summary>
    public void Fill()
    {
        try
        {
            using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[1 << 16];
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what is wanted.
        }
    }

    public void Free() => File.Delete(Ballast);

    /// <summary>Takes it away with all that is in it.</summary>
    public void Dispose()
    {
        // The end of the program and a signal may both ask; the folder can be removed when either returns.
        lock (_folder)
        {
            if (!_mounted) return;
            _mounted = false;
            Scratch.Run("umount", "-l", _folder).Wait(TimeSpan.FromSeconds(10));
        }
    }
}
