namespace OrleansAuth.Events;

/// <summary>The steps of a transaction between which a process may die.</summary>
internal enum FaultPoint
{
    /// <summary>Nothing is stored yet.</summary>
    Beginning,

    /// <summary>The event is stored as running.</summary>
    Begun,

    /// <summary>An item is about to be put on the stream of a webhook.</summary>
    Publishing,

    /// <summary>All items are on their streams.</summary>
    Published,

    /// <summary>A report was counted.</summary>
    Reported,

    /// <summary>Enough have agreed; the commit of the change is next.</summary>
    Agreed,

    /// <summary>The change is durable; its caller has not heard of it yet.</summary>
    Committed,

    /// <summary>Too few have agreed; storing that is next.</summary>
    Failing,

    /// <summary>The failure is durable; the caller has not heard of it yet.</summary>
    Failed,

    /// <summary>A transaction that somebody left behind was found; declaring it failed is next.</summary>
    Recovering,

    /// <summary>It is declared failed.</summary>
    Recovered,
}

/// <summary>
/// Hears of each step of each transaction. For tests, which end the process there or watch; the server itself has <see cref="NoFaults"/>,
/// and no setting changes that.
/// </summary>
internal interface IFaultPoints
{
    void Reach(FaultPoint point, Guid eventId);
}

/// <summary>Nothing happens between the steps.</summary>
internal sealed class NoFaults : IFaultPoints
{
    public void Reach(FaultPoint point, Guid eventId)
    {
    }
}
