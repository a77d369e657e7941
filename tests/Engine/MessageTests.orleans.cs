using System.Reflection;
using OrleansAuth.Storage;

namespace OrleansAuth.Engine;

public sealed partial class MessageTests
{
    [Fact]
    public async Task Every_message_arrives_on_another_silo_as_it_was_sent()
    {
        await using var host = await EngineHost.Start();
        var messages = new[] { "OrleansAuth.GrainInterfaces", "OrleansAuth.Grains" }.Select(Assembly.Load).SelectMany(a => a.GetTypes())
            .Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !t.IsEnum)
            .Select(t => t.IsGenericTypeDefinition ? t.MakeGenericType(typeof(string)) : t)
            .ToArray();
        Assert.NotEmpty(messages);
        foreach (var type in messages)
        {
            var sent = MessageSample.Of(type);
            var received = host.Serializer.Deserialize<object>(host.Serializer.SerializeToArray(sent));
            Assert.NotSame(sent, received);
            Assert.Equal(MessageSample.Describe(sent), MessageSample.Describe(received));
        }
    }

    [Fact]
    public async Task An_outage_arrives_as_an_outage_with_what_caused_it()
    {
        await using var host = await EngineHost.Start();
        var sent = new StoreUnavailableException("The store is away.", new Npgsql.NpgsqlException("No connection."));
        var received = Assert.IsType<StoreUnavailableException>(host.Serializer.Deserialize<Exception>(host.Serializer.SerializeToArray<Exception>(sent)));
        Assert.Equal("The store is away.", received.Message);
        Assert.Equal("No connection.", Assert.IsType<Npgsql.NpgsqlException>(received.InnerException).Message);
    }
}
