using System.Reflection;

namespace OrleansAuth.Engine;

public sealed partial class MessageTests
{
    [Fact]
    public void Everything_that_travels_between_grains_is_immutable_and_has_lasting_names()
    {
        var types = new[] { "OrleansAuth.GrainInterfaces", "OrleansAuth.Grains" }.Select(Assembly.Load).SelectMany(a => a.GetTypes());
        Assert.Empty(MessageRules.Violations(types));
    }
}
