namespace Orleans.Runtime;

/// <summary>A failure of the engine rather than of a grain.</summary>
public class OrleansException : Exception
{
    public OrleansException()
    {
    }

    public OrleansException(string message) : base(message)
    {
    }

    public OrleansException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The process that would serve the call is stopping. The call did not start, so it may be repeated elsewhere.</summary>
public sealed class SiloUnavailableException : OrleansException
{
    public SiloUnavailableException()
    {
    }

    public SiloUnavailableException(string message) : base(message)
    {
    }

    public SiloUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
