using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Audit;

public sealed class LogClientTests
{
    [Fact]
    public async Task The_official_client_reads_every_log()
    {
        await using var server = await TestServer.Start();
        var (eventId, attemptId) = (OrderedId.New(10), OrderedId.New(30));
        var told = new StoredEvent(eventId, server.DefaultTenant, "user.create", "subject", null, TransactionType.None, EventResult.Succeeded, """{"event":{"user":{"lastName":"Lovelace"}}}""");
        Assert.IsType<CommitResult.Committed>(await server.Services.GetRequiredService<IStore>().Apply(new Commit()
            .PutEvent(told)
            .PutAttempt(server.DefaultTenant, new AttemptMade(attemptId, eventId, Guid.NewGuid(), "Success", "https://receiver.example", 204, null, null, 20, 30))
            .Upsert(Tables.EventLog, ("id", Guid.NewGuid()), ("type", "Information"), ("message", "All is well."), ("instant", 5L))));
        var application = await server.NewApplication(server.DefaultTenant);
        (await server.Post("/api/user/registration", new { user = new { email = "ada@example.com", password = "correct horse battery" }, registration = new { applicationId = application } })).Is(200);

        var json = (await NodeClient.Run("logs", new { baseUrl = server.Url.ToString().TrimEnd('/'), apiKey = TestServer.SuperKey, eventId, attemptId, loginId = "ada@example.com", password = "correct horse battery", applicationId = application })).Json;
        Assert.Equal(500, json.GetProperty("configured").GetProperty("eventLogConfiguration").GetProperty("numberToRetain").GetInt32());
        Assert.True(json.GetProperty("configured").GetProperty("auditLogConfiguration").GetProperty("delete").GetProperty("enabled").GetBoolean());
        Assert.Equal((404, 400), (json.GetProperty("refused").GetProperty("unknown").GetProperty("status").GetInt32(), json.GetProperty("refused").GetProperty("order").GetProperty("status").GetInt32()));
    }
}
