using Microsoft.Extensions.Configuration;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.Mfa;

public sealed class YubiKeyTests
{
    [Fact]
    public void A_published_password_says_what_was_published_of_it()
    {
        var code = new YubiKeyCode("dteffuje", "hknhfjbrjnlnldnhcujvddbikngjrtgh");
        var key = Convert.FromHexString("ecde18dbe76fbd0c33330f1c354871db");
        Assert.Equal((19 << 8) | 17, code.Counter(key, Convert.FromHexString("8792ebfe26cc")));
        Assert.Null(code.Counter(key, Convert.FromHexString("8792ebfe26cd")));
        Assert.Null(code.Counter(Convert.FromHexString("ecde18dbe76fbd0c33330f1c354871da"), Convert.FromHexString("8792ebfe26cc")));
        Assert.Null((code with { Block = "hknhfjbrjnlnldnhcujvddbikngjrtgc" }).Counter(key, Convert.FromHexString("8792ebfe26cc")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cccccccccccc")]
    [InlineData("dteffujehknhfjbrjnlnldnhcujvddbikngjrtgh")]
    [InlineData("ccccccccccccaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_is_no_password_of_a_key_is_refused(string text) => Assert.Null(YubiKeyCode.Read(text));

    [Fact]
    public async Task A_key_of_our_own_lets_in_by_each_touch_once_also_after_a_restart()
    {
        await using var world = await MfaWorld.New();
        var key = SoftKey.New();
        (await Add(world, key, key.Type(3, 0))).Is(200);
        Assert.Equal("""{"id":"ID","lastUsed":false,"method":"yubikey"}""".Replace("ID", (string)(await world.Methods())[0]!["id"]!, StringComparison.Ordinal), (await world.Methods())[0]!.ToJsonString());
        var touch = key.Type(3, 1);
        (await world.Prove(await world.Begin(), touch)).Is(200);
        (await world.Prove(await world.Begin(), touch)).Is(421);
        (await world.Prove(await world.Begin(), key.Type(3, 0))).Is(421);
        (await world.Prove(await world.Begin(), key.Type(2, 255))).Is(421);
        await world.Restart();
        (await world.Prove(await world.Begin(), touch)).Is(421);
        (await world.Prove(await world.Begin(), key.Type(4, 0).ToUpperInvariant())).Is(200);
        (await world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={(await world.Methods())[0]!["id"]}&code={key.Type(4, 1)}")).Is(200);
    }

    [Fact]
    public async Task A_key_belongs_to_one_user_of_a_tenant()
    {
        await using var world = await MfaWorld.New();
        var key = SoftKey.New();
        (await Add(world, key, key.Type(1, 0))).Is(200);
        var other = await world.Recovery.NewUser(email: $"{Guid.NewGuid():N}@example.com");
        Assert.Equal("[duplicate]code", (await Add(world, key, key.Type(1, 1), other)).Is(400).FieldError("code"));
        (await world.Server.Delete($"/api/user/{world.User}?hardDelete=true")).Is(200);
        (await Add(world, key, key.Type(1, 2), other)).Is(200);
    }

    [Fact]
    public async Task The_secret_of_a_key_comes_with_an_API_key_only_and_is_sealed()
    {
        await using var world = await MfaWorld.New();
        var key = SoftKey.New();
        var token = (string)(await world.LogIn()).Is(200).Body["token"]!;
        (await world.Server.Send(HttpMethod.Post, "/api/user/two-factor", Body(key, key.Type(1, 0)), bearer: token)).Is(400);
        var right = key.Type(1, 0);
        (await Add(world, key, right[..^1] + (right[^1] == 'c' ? 'b' : 'c'))).Is(421);
        (await Add(world, key, key.Type(1, 0))).Is(200);
        var store = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Storage.IStore>(world.Server.Services);
        var row = System.Text.Encoding.UTF8.GetString((await store.Read(Storage.Users.UserKeys.State(world.User)))!.Body.Span);
        Assert.Contains("enc:v1:", row, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.AesKey), row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validation_server_by_others_checks_keys_whose_secret_it_alone_knows()
    {
        var key = SoftKey.New();
        await using var validation = await YubicoProcess.Start(key);
        await using var world = await MfaWorld.New(null, null, validation.Settings("http://127.0.0.1:9/nobody", "verify"));
        var token = (string)(await world.LogIn()).Is(200).Body["token"]!;
        (await world.Server.Send(HttpMethod.Post, "/api/user/two-factor", new { method = "yubikey", code = SoftKey.New().Type(1, 0) }, bearer: token)).Is(421);
        (await world.Server.Send(HttpMethod.Post, "/api/user/two-factor", new { method = "yubikey", code = key.Type(1, 0) }, bearer: token)).Is(200);
        var touch = key.Type(1, 1);
        (await world.Prove(await world.Begin(), touch)).Is(200);
        (await world.Prove(await world.Begin(), touch)).Is(421);
        (await world.Prove(await world.Begin(), SoftKey.New().Type(9, 9))).Is(421);
        (await world.Prove(await world.Begin(), key.Type(2, 0))).Is(200);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("unsigned")]
    [InlineData("other-nonce")]
    [InlineData("other-otp")]
    public async Task An_answer_that_is_not_about_this_question_counts_for_nothing(string path)
    {
        var key = SoftKey.New();
        await using var validation = await YubicoProcess.Start(key);
        using var server = new YubicoServer(new YubicoOptions(YubicoProcess.ClientId, Convert.FromBase64String(YubicoProcess.SecretKey), [new Uri($"http://127.0.0.1:{validation.Port}/{path}")]));
        Assert.Null(await server.Validate(YubiKeyCode.Read(key.Type(1, 0))!));
        using var honest = new YubicoServer(new YubicoOptions(YubicoProcess.ClientId, Convert.FromBase64String(YubicoProcess.SecretKey), [new Uri($"http://127.0.0.1:{validation.Port}/verify")]));
        Assert.Equal((1 << 8) | 1, await honest.Validate(YubiKeyCode.Read(key.Type(1, 1))!));
        using var stranger = new YubicoServer(new YubicoOptions(YubicoProcess.ClientId, new byte[20], [new Uri($"http://127.0.0.1:{validation.Port}/verify")]));
        Assert.Null(await stranger.Validate(YubiKeyCode.Read(key.Type(1, 2))!));
    }

    [Theory]
    [InlineData("--Mfa:Yubico:ClientId=1")]
    [InlineData("--Mfa:Yubico:ClientId=1", "--Mfa:Yubico:SecretKey=!", "--Mfa:Yubico:Urls=https://a.example/verify")]
    [InlineData("--Mfa:Yubico:ClientId=1", "--Mfa:Yubico:SecretKey=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "--Mfa:Yubico:Urls=ftp://a.example")]
    [InlineData("--Mfa:Yubico:Client=1")]
    [InlineData("--Mfa:Yubikey=1")]
    public void Settings_that_cannot_be_meant_stop_the_start(params string[] settings)
    {
        var read = new ConfigurationBuilder().AddCommandLine(settings).Build();
        Assert.Throws<SettingsException>(() =>
        {
            SettingsCheck.Run(read);
            MfaSettings.Yubico(read);
        });
    }

    private static object Body(SoftKey key, string code) =>
        new { method = "yubikey", code, yubikey = new { publicId = key.PublicId, privateId = Convert.ToHexString(key.PrivateId), secretKey = Convert.ToHexString(key.AesKey) } };

    private static Task<Answer> Add(MfaWorld world, SoftKey key, string code, Guid? user = null) => world.Server.Post($"/api/user/two-factor/{user ?? world.User}", Body(key, code));
}
