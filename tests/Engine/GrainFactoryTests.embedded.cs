using Microsoft.Extensions.DependencyInjection;

namespace OrleansAuth.Engine;

public sealed class GrainFactoryTests : IAsyncLifetime
{
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task An_internal_interface_and_class_work()
    {
        Assert.Equal("key", await _host.Grains.GetGrain<IInternalGrain>("key").Name());
    }

    [Fact]
    public void References_to_the_same_grain_are_equal_and_know_their_id()
    {
        var one = _host.Grains.GetGrain<IInternalGrain>("one");
        Assert.Equal(one, _host.Grains.GetGrain<IInternalGrain>("one"));
        Assert.NotEqual(one, _host.Grains.GetGrain<IInternalGrain>("two"));
        Assert.Equal(GrainId.Create("InternalGrain", "one"), one.GetGrainId());
        Assert.Equal("one", one.GetPrimaryKeyString());
    }

    [Fact]
    public void Unusable_interfaces_are_refused_with_the_rule_they_break()
    {
        Refuses<INobodyGrain>("No grain class implements");
        Refuses<IPropertyGrain>("no properties");
        Refuses<IBlockingGrain>("instead of Task or ValueTask");
        Refuses<IRefGrain>("ref, in or out");
        Refuses<ITwiceGrain>("there must be one");
        Refuses<IPrivateGrain>("make it public or internal");
    }

    [Fact]
    public void A_grain_made_with_new_is_refused()
    {
        Assert.Contains("IGrainFactory", Assert.Throws<InvalidOperationException>(() => new InternalGrain()).Message);
    }

    [Fact]
    public void An_empty_key_is_refused() => Assert.Throws<ArgumentException>(() => _host.Grains.GetGrain<IInternalGrain>(""));

    [Fact]
    public void A_setting_that_makes_no_sense_is_refused_with_its_name()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEmbeddedGrains(o => o.CollectionAge = TimeSpan.Zero));
        Assert.Contains(nameof(EmbeddedOptions.CollectionAge), refusal.Message);
    }

    private void Refuses<T>(string because) where T : IGrainWithStringKey =>
        Assert.Contains(because, Assert.Throws<ArgumentException>(() => _host.Grains.GetGrain<T>("k")).Message);

    private interface IPrivateGrain : IGrainWithStringKey;
}
