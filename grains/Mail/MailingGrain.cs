using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Applications;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>Reads users from the store, since it changes none of them.</summary>
[GrainType("mailing"), StatelessWorker]
internal sealed class MailingGrain(IStore store, ConfigurationReader configuration, MailOutbox mails, SmtpDelivery delivery, EventLog log, IHostEnvironment environment, Clock clock) : Grain, IMailingGrain
{
    private const int MailsPerCommit = 100;
    private static readonly TimeSpan TestPatience = TimeSpan.FromSeconds(20);

    private Guid TenantId => MailingGrainKeys.ReadKey(this.GetPrimaryKeyString());

    public async Task<Outcome<JsonText>> Send(SendMailing command)
    {
        var snapshot = configuration.Current;
        if (snapshot.Find<Tenant>(TenantId) is not { State: ObjectState.Active } tenant || snapshot.Find<EmailTemplate>(command.TemplateId) is not { } template) return Refusal.NotFound;
        if (!MailServer.IsSet(tenant.EmailConfiguration) && !environment.IsDevelopment()) return NoServer(tenant);
        var application = snapshot.Find<Application>(command.ApplicationId);
        if (Refuse(command, application) is { } refusal) return refusal;
        var users = new List<StoredUser>();
        foreach (var id in command.UserIds.Distinct())
        {
            if (await Find(id) is not { } user) return Refusal.Invalid(ContractError.At("userIds", "invalid", $"There is no user with the Id [{id}] in this tenant."));
            users.Add(user);
        }

        var mailing = new Mailing(template, tenant, application, command);
        var (failed, anonymous) = (new JsonObject(), new JsonObject());
        foreach (var chunk in users.Select(mailing.To).Concat(command.To.Select(mailing.To)).Chunk(MailsPerCommit))
        {
            var commit = new Commit();
            foreach (var addressed in chunk)
            {
                if (addressed.Mail is { } mail) mailing.Queue(commit, mails, addressed.UserId, mail);
                else if (addressed.UserId is { } user) failed[user.ToString()] = addressed.Errors;
                else anonymous[addressed.Address] = addressed.Errors;
            }

            await store.Apply(commit);
        }

        var results = new JsonObject();
        if (failed.Count > 0) results["results"] = failed;
        if (anonymous.Count > 0) results["anonymousResults"] = anonymous;
        return JsonText.From(results);
    }

    public async Task<Outcome<TestMailSent>> Test(SendTestMail command)
    {
        if (configuration.Current.Find<Tenant>(TenantId) is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        if (MailAddressText.Read(command.To) is not { } to || !EmailRules.IsAddress(command.To)) return Refusal.Invalid(ContractError.At("address", "notEmail", "The [address] must be an e-mail address."));
        if (!MailServer.IsSet(tenant.EmailConfiguration)) return NoServer(tenant);
        if (MailServer.Of(tenant.EmailConfiguration) is not { } server)
            return Refusal.Invalid(ContractError.General("[mailNotSent]", "Mails of this tenant have no sender. Set emailConfiguration.defaultFromEmail."));
        var text = $"This is a test of the mail server {server} for {tenant.Name}. If you can read it, mails go out.\n\nDies ist ein Test des Mailservers {server} für {tenant.Name}. Wenn Sie dies lesen, gehen Mails hinaus.\n";
        var message = new MimeMessage { Id = Guid.CreateVersion7(clock.UtcNow), Date = clock.UtcNow, From = server.From, FromName = server.FromName, To = to, Subject = "Test mail / Testmail", Text = text, More = server.Headers };
        using var patience = new CancellationTokenSource(TestPatience);
        try
        {
            return new TestMailSent(server.ToString(), await delivery.Send(server, to, message.Write(), patience.Token));
        }
        catch (Exception error) when (error is SmtpException or MailFormatException or OperationCanceledException)
        {
            return await NotSent(tenant, error is OperationCanceledException ? $"The mail server {server} did not answer in time." : error.Message, command.Actor);
        }
    }

    private async Task<Refusal> NotSent(Tenant tenant, string reason, Actor actor)
    {
        var commit = new Commit();
        log.Append(commit, EventLog.Error, $"A test mail of the tenant [{tenant.Name}], asked for by {actor.Name}, was not sent. {reason}");
        await store.Apply(commit);
        return Refusal.Invalid(ContractError.General("[mailNotSent]", reason));
    }

    private static Refusal NoServer(Tenant tenant) => Refusal.Invalid(ContractError.General(
        "[mailNotSent]", $"The tenant [{tenant.Name}] has no mail server. Set host, port, security and defaultFromEmail in emailConfiguration of the tenant."));

    private Refusal? Refuse(SendMailing command, Application? application)
    {
        if (command.ApplicationId is { } id && (application is null || application.TenantId != TenantId))
            return Refusal.Invalid(ContractError.At("applicationId", "invalid", $"There is no application with the Id [{id}] in this tenant."));
        if (command.UserIds.IsEmpty && command.To.IsEmpty) return Refusal.Invalid(ContractError.At("userIds", "missing", "A mail needs [userIds] or [toAddresses]."));
        if (command.UserIds.Length + command.To.Length > SendMailing.MostRecipients)
            return Refusal.Invalid(ContractError.At("userIds", "tooMany", $"One request may have at most {SendMailing.MostRecipients} recipients."));
        if (command.Cc.Length + command.Bcc.Length > SendMailing.MostCopies)
            return Refusal.Invalid(ContractError.At("ccAddresses", "tooMany", $"One request may have at most {SendMailing.MostCopies} addresses for copies."));
        (string Field, IEnumerable<string> Addresses)[] all = [("toAddresses", command.To.Select(to => to.Address)), ("ccAddresses", command.Cc), ("bccAddresses", command.Bcc)];
        foreach (var (field, addresses) in all)
            if (addresses.Any(address => !EmailRules.IsAddress(address) || MailAddressText.Read(address) is null))
                return Refusal.Invalid(ContractError.At(field, "notEmail", $"The [{field}] must be e-mail addresses."));
        return command.To.Any(to => to.Display is { } name && (name.Length > 255 || !MailHeaderText.IsClean(name)))
            ? Refusal.Invalid(ContractError.At("toAddresses", "invalid", "The name of an address has at most 255 characters and no line ends."))
            : null;
    }

    private async Task<StoredUser?> Find(Guid id) =>
        await store.Read(UserKeys.State(id)) is { } state && StoredUser.Read(state.Body) is var user && user.TenantId == TenantId ? user : null;
}
