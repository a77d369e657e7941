using System.Reflection;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Invocation;
using OrleansAuth.Storage;
using OrleansAuth.Users;

namespace OrleansAuth.Hosting;

/// <summary>What a web tier makes of calls that found no silo.</summary>
public sealed class CallAgainTests
{
    private readonly CallAgain _filter = new(new SiloLosses());

    [Fact]
    public async Task A_login_for_which_no_connection_could_be_made_is_sent_again()
    {
        var call = new Call(nameof(IUserGrain.Login), new ConnectionFailedException("The gateway has just gone."));
        await _filter.Invoke(call);
        Assert.Equal(2, call.Attempts);
    }

    [Fact]
    public async Task A_change_for_which_no_connection_could_be_made_is_reported_as_unknown()
    {
        var call = new Call(nameof(IUserGrain.Change), new ConnectionFailedException("A grain could not reach another silo."));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => _filter.Invoke(call));
        Assert.Equal(1, call.Attempts);
    }

    [Fact]
    public async Task What_a_grain_itself_throws_is_no_reason_to_call_again()
    {
        var call = new Call(nameof(IUserGrain.Login), new StoreUnavailableException("It is away."));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _filter.Invoke(call));
        Assert.Equal(1, call.Attempts);
    }

    /// <summary>A call that fails once.</summary>
    private sealed class Call(string method, Exception failure) : IOutgoingGrainCallContext
    {
        public int Attempts { get; private set; }

        public MethodInfo InterfaceMethod { get; } = typeof(IUserGrain).GetMethod(method)!;

        public string MethodName => method;

        public object? Result { get; set; }

        public Response? Response { get; set; }

        public IInvokable Request => throw new NotSupportedException();

        public object Grain => throw new NotSupportedException();

        public GrainId? SourceId => null;

        public GrainId TargetId => default;

        public GrainInterfaceType InterfaceType => default;

        public string InterfaceName => nameof(IUserGrain);

        public IGrainContext? SourceContext => null;

        public Task Invoke() => ++Attempts == 1 ? Task.FromException(failure) : Task.CompletedTask;
    }
}
