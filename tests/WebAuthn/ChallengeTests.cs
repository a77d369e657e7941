using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.WebAuthn;

/// <summary>A challenge counts once, soon, and for what it was made for.</summary>
public sealed class ChallengeTests
{
    [Fact]
    public async Task A_challenge_is_answered_once()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var credential = authenticator.Get(await world.RequestOptions());
        (await world.LogIn(credential)).Is(200);
        (await world.LogIn(credential)).Is(404);
        (await world.Post("assert", new { credential }, key: "")).Is(400);

        // Also one that was answered wrongly.
        var options = await world.RequestOptions();
        (await world.LogIn(authenticator.Get(options, new Ceremony { BreaksSignature = true }))).Is(404);
        (await world.LogIn(authenticator.Get(options))).Is(404);
        var made = await world.CreationOptions();
        (await world.Complete(new SoftAuthenticator().Create(made))).Is(200);
        (await world.Complete(new SoftAuthenticator().Create(made))).Is(400);
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_counts()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var credential = authenticator.Get(await world.RequestOptions());
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.LogIn(credential)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.Is(404));
        var created = new SoftAuthenticator().Create(await world.CreationOptions());
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.Complete(created)));
        Assert.Single(made, a => a.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_credential_registered_for_two_users_at_once_is_one_s()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var other = await world.Another();
        var authenticator = new SoftAuthenticator();
        var (first, second) = (authenticator.Create(await world.CreationOptions()), authenticator.Create(await other.CreationOptions()));
        var answers = await Task.WhenAll(world.Complete(first), other.Complete(second));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal("[duplicate]credential.id", Assert.Single(answers, a => a.Status == HttpStatusCode.BadRequest).FieldError("credential.id"));
    }

    [Fact]
    public async Task A_challenge_is_over_when_its_time_is()
    {
        await using var server = await TestServer.Start();
        var world = await PasskeyWorld.Make(server, tenant: """{"externalIdentifierConfiguration":{"webAuthnAuthenticationChallengeTimeToLiveInSeconds":60,"webAuthnRegistrationChallengeTimeToLiveInSeconds":90}}""");
        var (authenticator, _) = await world.Register();
        var (early, late, made) = (await world.RequestOptions(), await world.RequestOptions(), await world.CreationOptions());
        Assert.Equal((60_000, 90_000), ((int)early["timeout"]!, (int)made["timeout"]!));
        server.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        (await world.LogIn(authenticator.Get(early))).Is(200);
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await world.LogIn(authenticator.Get(late))).Is(404);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        (await world.Complete(new SoftAuthenticator().Create(made))).Is(400);
    }

    [Fact]
    public async Task What_was_answered_stays_answered_and_what_was_not_stays_open_after_a_restart()
    {
        await using var before = await TestServer.Start();
        var world = await PasskeyWorld.Make(before);
        var (authenticator, _) = await world.Register();
        var (spent, open) = (authenticator.Get(await world.RequestOptions()), authenticator.Get(await world.RequestOptions()));
        (await world.LogIn(spent)).Is(200);
        await using var after = await before.Restart();
        world = world with { Server = after };
        (await world.LogIn(spent)).Is(404);
        (await world.LogIn(open)).Is(200);
    }

    [Fact]
    public async Task A_challenge_is_good_for_its_own_ceremony_user_and_passkey_only()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var other = await world.Another();
        var (authenticator, credential) = await world.Register();
        var (second, _) = await world.Register();

        // One to make a passkey opens no login, and the other way round.
        var made = await world.CreationOptions();
        (await world.LogIn(authenticator.Get(new JsonObject { ["challenge"] = (string)made["challenge"]!, ["rpId"] = "login.example.com" }))).Is(404);
        var used = await world.RequestOptions();
        var options = made.DeepClone();
        options["challenge"] = (string)used["challenge"]!;
        (await world.Complete(new SoftAuthenticator().Create(options))).Is(400);

        // One of a user makes no passkey of another.
        (await world.Complete(new SoftAuthenticator().Create(await world.CreationOptions()), other.User)).Is(400);

        // One for a certain passkey takes no other one.
        var one = new { userId = world.User, credentialId = (Guid)credential["id"]! };
        Assert.Single((await world.RequestOptions(one))["allowCredentials"]!.AsArray());
        (await world.LogIn(second, who: one)).Is(404);
        (await world.LogIn(authenticator, who: new { credentialId = one.credentialId })).Is(200);
        (await world.Start(new { userId = other.User, credentialId = one.credentialId })).Is(400);

        // One for an application signs in to that.
        var elsewhere = await world.Server.NewApplication(world.Tenant);
        Assert.Equal("[invalid]applicationId", (await world.LogIn(authenticator.Get(await world.RequestOptions()), new { applicationId = elsewhere })).Is(400).FieldError("applicationId"));
        (await world.LogIn(authenticator.Get(await world.RequestOptions()), new { applicationId = world.Application })).Is(200);
    }

    [Fact]
    public async Task A_challenge_cannot_be_made_or_changed()
    {
        var world = await PasskeyWorld.Make(await TestServer.Shared);
        var (authenticator, _) = await world.Register();
        var challenge = Base64Url.DecodeFromChars((string)(await world.RequestOptions())["challenge"]!);
        foreach (var at in (int[])[0, 20, challenge.Length - 1])
        {
            var changed = challenge.ToArray();
            changed[at] ^= 1;
            (await world.LogIn(authenticator.Get(Options(Base64Url.EncodeToString(changed))))).Is(404);
        }

        foreach (var made in (string[])["", "AAAA", new string('A', 400), new string('A', 9000), "not base64url", "ä"])
            (await world.LogIn(authenticator.Get(Options(made)))).Is(404);

        static JsonObject Options(string text) => new() { ["challenge"] = text, ["rpId"] = "login.example.com" };
    }
}
