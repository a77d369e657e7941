using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OrleansAuth.Messages;

namespace OrleansAuth.Webhooks;

/// <summary>Receivers as they come: each behaves in its own way, and the server notes what it should.</summary>
public sealed class BadReceiverTests : IAsyncLifetime
{
    private DeliveryWorld _world = null!;

    public async Task InitializeAsync() => _world = await DeliveryWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _world.Receiver.Answers = [302];
        await _world.Raise("ada");
        await _world.Attempts("status = 302 and result = 'Failure'", 1);
        Assert.Equal(1, _world.Receiver.Count);
    }

    [Fact]
    public async Task A_body_without_end_is_not_waited_for_and_its_beginning_is_kept()
    {
        _world.Receiver.Behave = async (http, _) =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(new byte[4096].Select(_ => (byte)'x').ToArray(), http.RequestAborted).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await _world.Raise("ada");
        await _world.Empty();
        await _world.Attempts("result = 'Success' and length(answer) = 1024", 1);
    }

    [Fact]
    public async Task Of_ten_megabytes_one_kilobyte_is_kept()
    {
        _world.Receiver.Behave = async (http, _) =>
        {
            var megabyte = Enumerable.Repeat((byte)'y', 1 << 20).ToArray();
            for (var i = 0; i < 10 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(megabyte, CancellationToken.None);
        };
        await _world.Raise("ada");
        await _world.Empty();
        await _world.Attempts("result = 'Success' and length(answer) = 1024", 1);
    }

    [Fact]
    public async Task A_body_that_drips_does_not_hold_anybody_up()
    {
        _world.Receiver.Behave = async (http, _) =>
        {
            await http.Response.Body.WriteAsync("a"u8.ToArray());
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _world.Receiver.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await _world.Raise("ada");
        await _world.Empty();
        await _world.Attempts("result = 'Success' and answer = 'a'", 1);
    }

    [Fact]
    public async Task One_that_never_answers_has_failed_when_its_time_is_over()
    {
        var silent = await _world.NewWebhook(_world.Receiver.Url, readTimeout: 200);
        _world.Receiver.Answers = [0];
        await _world.Raise("ada", webhook: silent);
        await _world.Attempts("status = 0 and exception = 'The receiver did not answer in time.'", 1, silent);
        await _world.Waiting("attempts = 1", 1, silent);
    }

    [Fact]
    public async Task One_that_hangs_up_has_failed()
    {
        _world.Receiver.Behave = (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await _world.Raise("ada");
        await _world.Attempts("status = 0 and result = 'Failure'", 1);
        await _world.Waiting("attempts = 1 and fault is not null", 1);
    }

    [Fact]
    public async Task A_certificate_of_its_own_is_good_where_the_webhook_names_it_and_nowhere_else()
    {
        using var own = Certificate("localhost");
        using var another = Certificate("localhost");
        await using var receiver = await MessengerReceiver.Start(certificate: own);
        var url = $"https://localhost:{new Uri(receiver.Url).Port}/";
        var trusting = await _world.NewWebhook(url, new JsonObject { ["sslCertificate"] = own.ExportCertificatePem() }.ToJsonString());
        var mistaken = await _world.NewWebhook(url, new JsonObject { ["sslCertificate"] = another.ExportCertificatePem() }.ToJsonString());
        var plain = await _world.NewWebhook(url);
        foreach (var webhook in new[] { trusting, mistaken, plain }) await _world.Raise("ada", webhook: webhook);

        await _world.Empty(trusting);
        await _world.Attempts("result = 'Success'", 1, trusting);
        foreach (var webhook in new[] { mistaken, plain }) await _world.Attempts("result = 'Failure' and status = 0", 1, webhook);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_although_it_is_trusted()
    {
        using var own = Certificate("elsewhere.example");
        await using var receiver = await MessengerReceiver.Start(certificate: own);
        var webhook = await _world.NewWebhook($"https://localhost:{new Uri(receiver.Url).Port}/", new JsonObject { ["sslCertificate"] = own.ExportCertificatePem() }.ToJsonString());
        await _world.Raise("ada", webhook: webhook);
        await _world.Attempts("result = 'Failure' and status = 0", 1, webhook);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task Who_demands_a_certificate_is_shown_that_of_the_key()
    {
        var key = Guid.NewGuid();
        var made = (await _world.Server.Post($"/api/key/generate/{key}", new { key = new { algorithm = "ES256", name = $"mutual {key}" } })).Is(200).Body["key"]!;
        using var own = Certificate("localhost");
        await using var receiver = await MessengerReceiver.Start(certificate: own, demandsClient: true);
        var shown = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Behave = (http, _) =>
        {
            shown.TrySetResult(http.Connection.ClientCertificate?.Thumbprint);
            return Task.CompletedTask;
        };
        var url = $"https://localhost:{new Uri(receiver.Url).Port}/";
        var pem = own.ExportCertificatePem();
        var showing = await _world.NewWebhook(url, new JsonObject { ["sslCertificate"] = pem, ["sslCertificateKeyId"] = key.ToString() }.ToJsonString());
        var hiding = await _world.NewWebhook(url, new JsonObject { ["sslCertificate"] = pem }.ToJsonString());
        await _world.Raise("ada", webhook: showing);
        await _world.Raise("ada", webhook: hiding);

        await _world.Empty(showing);
        using var expected = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(string.Concat(((string)made["certificate"]!).Split('\n').Where(line => !line.StartsWith('-')))));
        Assert.Equal(expected.Thumbprint, await shown.Task);
        await _world.Attempts("result = 'Failure' and status = 0", 1, hiding);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00::1]/")]
    public async Task Nothing_is_sent_inside_unless_the_operator_allows_it(string url)
    {
        await using var receiver = await MessengerReceiver.Start();
        await using var guarded = await GuardedWorld.Start(string.Format(CultureInfo.InvariantCulture, url, new Uri(receiver.Url).Port));
        await guarded.Parked("not one of the public internet");
        Assert.Equal(0, receiver.Count);
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
