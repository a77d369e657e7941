using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;

namespace OrleansAuth.Hosting;

/// <summary>
/// Streams that deliver when something is published. To Orleans they are persistent streams like others: agents spread over
/// the silos read queues and call the consumers. The providers there are ask their queues every so often; here the call waits
/// at the queue (<see cref="IPushQueueGrain"/>), which costs a delivery no wait and an idle cluster nothing.
/// <para>
/// Consumers subscribe implicitly. An agent waits for a consumer before it gives it the next item of that stream, and a
/// consumer that takes long holds up, in the end, the other streams of its queue: take the item in hand and return. What throws
/// is delivered again for a few seconds. Items are delivered at least once while their silos live; expect repetitions.
/// </para>
/// </summary>
internal static class PushStreams
{
    /// <summary>Queues are shared out over the silos, so there are more of them than silos.</summary>
    private const int Queues = 8;

    /// <summary>
    /// How long an agent rests after an empty answer, and after the first item of a stream it did not know: until the consumer
    /// is found it reads nothing.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(10);

    public static ISiloBuilder AddPushStreams(this ISiloBuilder silo, string name) => silo.AddPersistentStreams(name, Factory.Create, streams =>
    {
        streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
        streams.ConfigurePullingAgent(agent => agent.Configure(options =>
        {
            options.GetQueueMsgsTimerPeriod = Rest;
            options.MaxEventDeliveryTime = LongestDelivery;
        }));
        streams.Configure<HashRingStreamQueueMapperOptions>(queues => queues.Configure(options => options.TotalQueueCount = Queues));
    });

    private sealed class Factory(string name, HashRingStreamQueueMapperOptions queues, IGrainFactory grains, IHostApplicationLifetime host, ILoggerFactory logs) : IQueueAdapterFactory, IQueueAdapter
    {
        private readonly HashRingBasedStreamQueueMapper _mapper = new(queues, name);
        private readonly SimpleQueueAdapterCache _cache = new(new SimpleQueueCacheOptions { CacheSize = PushQueueGrain.MostItems }, name, logs);

        public static Factory Create(IServiceProvider services, string name) => new Factory(
            name, services.GetOptionsByName<HashRingStreamQueueMapperOptions>(name), services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILoggerFactory>());

        public string Name => name;

        /// <summary>Nobody can go back in a stream: what was delivered is gone.</summary>
        public bool IsRewindable => false;

        public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

        public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

        public IQueueAdapterCache GetQueueAdapterCache() => _cache;

        public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

        public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

        public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new PushReceiver(Queue(queueId), host.ApplicationStopping);

        public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
            Queue(_mapper.GetQueueForStream(streamId)).Put([.. events.Select(item => new PushedItem(streamId, item!, requestContext))]);

        private IPushQueueGrain Queue(QueueId id) => grains.PushQueue(name, $"{id}");
    }
}

/// <summary>One item on its way to a consumer.</summary>
[GenerateSerializer, Immutable, Alias("push.delivery.v1")]
internal sealed record PushDelivery([property: Id(0)] PushedItem Item, [property: Id(1)] StreamSequenceToken SequenceToken) : IBatchContainer
{
    public StreamId StreamId => Item.Stream;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => [Tuple.Create((T)Item.Body, SequenceToken)];

    public bool ImportRequestContext()
    {
        if (Item.Context is null) return false;
        RequestContextExtensions.Import(Item.Context);
        return true;
    }
}

internal static class PushQueueKeys
{
    /// <summary>The only place that knows how the key of a stream's queue is written.</summary>
    public static IPushQueueGrain PushQueue(this IGrainFactory grains, string provider, string queue) => grains.GetGrain<IPushQueueGrain>($"{provider}/{queue}");
}
