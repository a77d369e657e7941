namespace OrleansAuth.Engine;

/// <summary>Interfaces that no grain can have; Orleans refuses them when it compiles.</summary>
internal interface INobodyGrain : IGrainWithStringKey;

internal interface IPropertyGrain : IGrainWithStringKey
{
    int Value { get; }
}

internal interface IBlockingGrain : IGrainWithStringKey
{
    int Value();
}

internal interface IRefGrain : IGrainWithStringKey
{
    Task Swap(ref int value);
}

internal interface ITwiceGrain : IGrainWithStringKey;

internal sealed class FirstTwiceGrain : Grain, ITwiceGrain;

internal sealed class SecondTwiceGrain : Grain, ITwiceGrain;
