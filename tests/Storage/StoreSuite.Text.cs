using System.Security.Cryptography;

namespace OrleansAuth.Storage;

public abstract partial class StoreSuite
{
    [Theory]
    [InlineData("名前 🦊 e\u0301 \u202e ' \" ; -- %")]
    [InlineData("\ud83e\udd8a\ud83e\udd8a")]
    public async Task Unicode_comes_back_unchanged_everywhere(string text)
    {
        var (key, claim) = (new StateKey("test", $"{_tenant}/{text}"), new ClaimKey(_scope, text));
        Committed(await Store.Apply(new Commit().Put(key, 0, Json(text), _tenant).Claim(claim, text, _tenant)
            .Upsert(Tables.UserSearch, UserRow(Guid.NewGuid(), text))));
        Assert.Equal(text, Text(await Store.Read(key)));
        Assert.Equal(text, await Store.FindOwner(claim));
        Assert.Equal([text], await Store.Query("select email from user_search where tenant_id = @tenant and email = @email", row => row.Text("email"),
            default, ("tenant", _tenant), ("email", text)));
    }

    // Not inline data: an attribute cannot hold a lone surrogate.
    public static TheoryData<string> Unstorable { get; } = ["nul\0", "\ud83e", "a\udd8ab"];

    [Theory]
    [MemberData(nameof(Unstorable), DisableDiscoveryEnumeration = true)]
    public async Task Text_that_cannot_be_stored_names_nothing_and_is_repaired_in_rows(string text)
    {
        Assert.Throws<ArgumentException>(() => new Commit().Claim(new ClaimKey(_scope, text), "me"));
        Assert.Throws<ArgumentException>(() => new Commit().Put(new StateKey("test", text), 0, Json("x")));
        Assert.Null(await Store.FindOwner(new ClaimKey(_scope, text)));
        Assert.Null(await Store.Read(new StateKey("test", text)));

        Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(Guid.NewGuid(), text))));
        Assert.Equal(text.Replace("\0", "\ufffd").Replace("\ud83e", "\ufffd").Replace("\udd8a", "\ufffd"), Assert.Single(await Store.Query(
            "select email from user_search where tenant_id = @tenant and email = @email", row => row.Text("email"), default, ("tenant", _tenant), ("email", text))));
    }

    [Fact]
    public async Task Limits_of_keys_hold_to_the_letter()
    {
        var key = new StateKey(new string('k', 64), _tenant + new string('ä', 191 - 36));
        var claim = new ClaimKey(_scope + new string('字', 128 - _scope.Length), RandomNumberGenerator.GetString("字語名前界", 512));
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("x"), _tenant).Claim(claim, "me", _tenant)));
        Assert.Equal("me", await Store.FindOwner(claim));
        Assert.NotNull(await Store.Read(key));

        Assert.Throws<ArgumentException>(() => new Commit().Claim(claim with { Name = claim.Name + "x" }, "me"));
        Assert.Throws<ArgumentException>(() => new Commit().Put(key with { Id = key.Id + "x" }, 0, Json("x")));
    }

    [Fact]
    public async Task A_very_long_name_is_stored_whole_though_its_index_is_not()
    {
        var name = RandomNumberGenerator.GetString("字語名前界ÄÖÜ", 20_000);
        Committed(await Store.Apply(new Commit().Upsert(Tables.UserSearch, UserRow(Guid.NewGuid(), "e", ("full_name", name), ("first_name", name)))));
        Assert.Equal([name], await Store.Query("select full_name from user_search where tenant_id = @tenant", row => row.Text("full_name"), default, ("tenant", _tenant)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_000_000)]
    public async Task Bodies_of_any_size_come_back(int size)
    {
        var (key, body) = (NewKey(), RandomNumberGenerator.GetBytes(size));
        Committed(await Store.Apply(new Commit().Put(key, 0, body, _tenant)));
        Assert.Equal(body, (await Store.Read(key))!.Body.ToArray());
    }

    [Fact]
    public async Task What_was_stored_is_there_after_the_store_is_opened_again()
    {
        var key = NewKey();
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("kept")).Claim(new ClaimKey(_scope, "kept"), "me")));
        await Store.DisposeAsync();
        Store = await StoreFactory.Open(Options);
        Assert.Equal("kept", Text(await Store.Read(key)));
        Assert.Equal("me", await Store.FindOwner(new ClaimKey(_scope, "kept")));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await Store.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Apply(new Commit().Put(NewKey(), 0, Json("x"))));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Read(NewKey()));
        await Store.DisposeAsync();
    }
}
