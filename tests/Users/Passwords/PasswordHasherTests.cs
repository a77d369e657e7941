namespace OrleansAuth.Users;

public sealed class PasswordHasherTests : IDisposable
{
    private static readonly PasswordCost Gated = new("gated", 1);
    private static readonly PasswordCost Cheap = new("salted-pbkdf2-hmac-sha256", 50);

    private readonly GatedScheme _gate = new();
    private readonly PasswordHasher _hasher;

    public PasswordHasherTests() => _hasher = New(threads: 1, limit: 40);

    public void Dispose()
    {
        _gate.Open();
        _hasher.Dispose();
    }

    [Fact]
    public async Task A_new_hash_verifies_and_another_password_does_not()
    {
        var hash = (await _hasher.Hash("Grüße", Cheap)).Hash!;
        Assert.Equal(PasswordVerdict.Matches, (await _hasher.Verify("Grüße", hash, Cheap)).Verdict);
        Assert.Equal(PasswordVerdict.Differs, (await _hasher.Verify("Grüsse", hash, Cheap)).Verdict);
    }

    [Fact]
    public async Task A_hash_made_elsewhere_verifies()
    {
        foreach (var vector in PasswordVectors.All.Where(v => v.Password == "password" && v.Factor <= 1_000 && v.Factor > 0))
        {
            var stored = new PasswordHash(vector.Scheme, vector.Salt, vector.Hash, vector.Factor);
            Assert.Equal(PasswordVerdict.Matches, (await _hasher.Verify("password", stored, Cheap)).Verdict);
        }
    }

    [Fact]
    public async Task An_unknown_account_costs_one_hash_of_the_tenants_kind()
    {
        _gate.Open();
        Assert.Equal(PasswordVerdict.Differs, (await _hasher.Verify("p", null, Gated)).Verdict);
        Assert.Equal(1, _gate.Hashes);

        var unreadable = new PasswordHash("rot13", "x", "y", 1);
        Assert.Equal(PasswordVerdict.Differs, (await _hasher.Verify("p", unreadable, Gated)).Verdict);
        Assert.Equal(2, _gate.Hashes);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_says_when_to_return()
    {
        using var small = New(threads: 1, limit: 2);
        var running = small.Verify("a", null, Gated);
        await _gate.Entered();
        Task[] waiting = [small.Verify("b", null, Gated), small.Verify("c", null, Gated)];

        var refused = small.Verify("d", null, Gated);
        Assert.True(refused.IsCompletedSuccessfully);
        Assert.Equal(PasswordVerdict.Busy, (await refused).Verdict);
        Assert.True((await refused).RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.True((await small.Hash("d", Gated)).IsBusy);

        _gate.Open();
        await running;
        await Task.WhenAll(waiting);
        Assert.Equal(3, _gate.Hashes);
        Assert.False((await small.Hash("d", Gated)).IsBusy);
    }

    [Fact]
    public async Task Waiting_hashes_of_one_cost_go_together_and_others_stay_apart()
    {
        var running = _hasher.Verify("x", null, Gated);
        await _gate.Entered();
        var jobs = Enumerable.Range(0, 36).Select(i =>
            (Password: $"p{i}", Hash: _hasher.Hash($"p{i}", Cheap with { Factor = i % 4 == 3 ? 30 : 50 }))).ToList();
        _gate.Open();

        await running;
        foreach (var (password, hash) in jobs)
        {
            var made = (await hash).Hash!;
            Assert.Equal(Pbkdf2Scheme.Sha256.Hash(password, made.Salt, made.Factor), made.Hash);
        }

        // 27 of one cost (16 and 11) and 9 of the other.
        if (Pbkdf2Lanes.Width == 16) Assert.Equal(3, _hasher.Batches);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gives_its_place_back()
    {
        using var small = New(threads: 1, limit: 1);
        using var patience = new CancellationTokenSource();
        var running = small.Verify("a", null, Gated);
        await _gate.Entered();
        var waiting = small.Verify("b", null, Gated, patience.Token);
        Assert.Equal(PasswordVerdict.Busy, (await small.Verify("c", null, Gated)).Verdict);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = small.Verify("d", null, Gated);
        _gate.Open();
        await Task.WhenAll(running, next);
        Assert.Equal(2, _gate.Hashes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => small.Verify("e", null, Gated, patience.Token));
    }

    [Fact]
    public async Task Under_a_rush_every_caller_gets_its_own_answer()
    {
        using var hasher = New(threads: 4, limit: 60);
        var stored = (await hasher.Hash("right", Cheap)).Hash!;
        using var patience = new CancellationTokenSource();
        var rush = Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var cost = Cheap with { Factor = 40 + (i % 3) };
            var hash = i % 2 == 0 ? stored : null;
            var password = i % 4 == 0 ? "right" : "wrong";
            if (i == 200) await patience.CancelAsync();
            var answer = await hasher.Verify(password, hash, cost, i % 7 == 0 ? patience.Token : default);
            return (Expected: i % 4 == 0 ? PasswordVerdict.Matches : PasswordVerdict.Differs, answer.Verdict);
        })).ToList();

        foreach (var caller in rush)
        {
            try
            {
                var (expected, verdict) = await caller;
                Assert.True(verdict == expected || verdict == PasswordVerdict.Busy);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                Assert.True(caller.IsCanceled);
            }
        }

        // Every place was given back.
        Assert.Equal(PasswordVerdict.Matches, (await hasher.Verify("right", stored, Cheap)).Verdict);
    }

    [Fact]
    public async Task A_bug_in_one_hash_reaches_its_caller_and_spares_the_thread()
    {
        _gate.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _hasher.Hash("boom", Gated));
        Assert.False((await _hasher.Hash("fine", Gated)).IsBusy);
    }

    [Fact]
    public async Task The_caller_goes_on_where_it_was()
    {
        var pair = new ConcurrentExclusiveSchedulerPair();
        await Task.Factory.StartNew(async () =>
        {
            await _hasher.Hash("p", Cheap);
            Assert.Same(pair.ExclusiveScheduler, TaskScheduler.Current);
        }, CancellationToken.None, TaskCreationOptions.None, pair.ExclusiveScheduler).Unwrap();
    }

    [Fact]
    public async Task Stopping_answers_everyone_who_waits()
    {
        var stopped = New(threads: 1, limit: 9);
        var running = stopped.Verify("a", null, Gated);
        await _gate.Entered();
        var waiting = stopped.Verify("b", null, Gated);
        stopped.Dispose();

        Assert.Equal(PasswordVerdict.Busy, (await waiting).Verdict);
        Assert.Equal(PasswordVerdict.Busy, (await stopped.Verify("c", null, Gated)).Verdict);
        _gate.Open();
        Assert.Equal(PasswordVerdict.Differs, (await running).Verdict);
    }

    [Fact]
    public async Task A_cost_that_no_scheme_takes_is_a_bug_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _hasher.Hash("p", new PasswordCost("rot13", 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => _hasher.Verify("p", null, new PasswordCost("bcrypt", 99)));
    }

    private PasswordHasher New(int threads, int limit) => new(
        new PasswordHasherOptions { Threads = threads, QueueLimit = limit, LeastBatch = 2 },
        new PasswordSchemes([.. PasswordSchemes.BuiltIn.All, _gate]));
}
