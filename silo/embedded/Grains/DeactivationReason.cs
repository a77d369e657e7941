namespace Orleans.Runtime;

/// <summary>Why an activation ends. The numbers are those of Orleans.</summary>
public enum DeactivationReasonCode : byte
{
    None = 0,

    /// <summary>The process stops.</summary>
    ShuttingDown = 1,

    /// <summary><c>OnActivateAsync</c> threw.</summary>
    ActivationFailed = 2,

    /// <summary>Not used for the collection age.</summary>
    ActivationIdle = 4,

    ApplicationError = 8,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested = 9,
}

/// <summary>Why an activation ends, with a sentence for the log.</summary>
public readonly struct DeactivationReason(DeactivationReasonCode code, string text)
{
    public DeactivationReasonCode ReasonCode { get; } = code;

    public string Description { get; } = text;

    public override string ToString() => $"{ReasonCode}: {Description}";
}
