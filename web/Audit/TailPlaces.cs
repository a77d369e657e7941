namespace OrleansAuth.Audit;

/// <summary>So many may follow the logs of one process at once.</summary>
internal sealed class TailPlaces
{
    public const int Most = 32;

    private int _taken;

    /// <summary>How many follow now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <returns>False where all are taken.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= Most) return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _taken);
}
