using OrleansAuth.Storage.Users;

namespace OrleansAuth.Mfa;

/// <summary>Guessing is bounded, exactly, whichever way the guesses come in.</summary>
public sealed class FactorAttemptTests
{
    [Fact]
    public async Task Of_many_wrong_codes_on_many_connections_and_logins_five_count_and_then_the_right_one_is_refused()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Begin()));
        var guesses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => i % 6 == 5
            ? world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={world.MethodId}&code={world.WrongCode(i)}")
            : world.Prove(ids[i % 4], world.WrongCode(i))));
        Assert.All(guesses, a => Assert.Equal("", a.Is(421).Text));
        Assert.Equal(FactorAttempts.InARow, await world.WrongCodes());

        // Right codes on every way are refused like wrong ones, recovery codes among them.
        (await world.Prove(ids[0], world.Code())).Is(421);
        (await world.Prove(await world.Begin(), world.RecoveryCodes[0])).Is(421);
        (await world.Server.Delete($"/api/user/two-factor/{world.User}?methodId={world.MethodId}&code={world.Code()}")).Is(421);
        var started = (await world.Server.Post("/api/two-factor/start", new { userId = world.User })).Is(200);
        (await world.Prove((string)started.Body["twoFactorId"]!, (string)started.Body["code"]!)).Is(421);
        Assert.Equal(FactorAttempts.InARow, await world.WrongCodes());
    }

    [Fact]
    public async Task A_pause_lasts_half_an_hour_survives_a_restart_and_is_not_prolonged_by_trying()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var id = await world.Begin();
        for (var i = 0; i < FactorAttempts.InARow; i++) (await world.Prove(id, world.WrongCode(i))).Is(421);
        world.Wait(29 * 60);
        await world.Restart();
        (await world.Prove(await world.Begin(), world.WrongCode())).Is(421);
        (await world.Prove(await world.Begin(), world.Code())).Is(421);
        world.Wait(60);
        (await world.Prove(await world.Begin(), world.Code())).Is(200);
        Assert.Equal(0, await world.WrongCodes());
    }

    [Fact]
    public async Task The_factors_of_others_and_the_password_itself_are_not_shut()
    {
        await using var world = await MfaWorld.WithAuthenticator();
        var id = await world.Begin();
        for (var i = 0; i < 20; i++) (await world.Prove(id, world.WrongCode(i))).Is(421);
        (await world.LogIn()).Is(242);
        var email = $"{Guid.NewGuid():N}@example.com";
        var other = await world.Recovery.NewUser(email: email);
        await world.AddAuthenticator(other);
        world.Wait();
        (await world.Prove(await world.Begin(email: email), world.Code())).Is(200);
    }

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 29, true)]
    [InlineData(5, 30, false)]
    [InlineData(6, 0, false)]
    [InlineData(10, 59, true)]
    [InlineData(10, 60, false)]
    [InlineData(15, 119, true)]
    [InlineData(25, 479, true)]
    [InlineData(25, 480, false)]
    [InlineData(500, 479, true)]
    [InlineData(500, 480, false)]
    public void Each_five_wrong_codes_pause_twice_as_long_up_to_eight_hours(int wrong, int minutes, bool exceeded)
    {
        var attempts = UserAttempts.None;
        var now = 0L;
        for (var i = 0; i < wrong; i++)
        {
            while (FactorAttempts.Exceeded(attempts, now)) now += 60_000;
            attempts = FactorAttempts.Wrong(attempts, now);
        }

        Assert.Equal(exceeded, FactorAttempts.Exceeded(attempts, now + (minutes * 60_000L)));
        Assert.Equal(UserAttempts.None.Windows, FactorAttempts.Right(attempts).Windows);
    }

    [Fact]
    public void An_hour_has_room_for_ten_guesses_and_a_day_for_some_thirty()
    {
        var (attempts, inHour, inDay) = (UserAttempts.None, 0, 0);
        for (var now = 0L; now < 24 * 3_600_000; now += 1000)
        {
            if (FactorAttempts.Exceeded(attempts, now)) continue;
            attempts = FactorAttempts.Wrong(attempts, now);
            inDay++;
            if (now < 3_600_000) inHour++;
        }

        Assert.Equal(10, inHour);
        Assert.InRange(inDay, 20, 35);
    }
}
