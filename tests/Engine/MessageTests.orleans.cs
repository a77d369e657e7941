using System.Reflection;

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
}
