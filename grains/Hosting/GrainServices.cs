using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansAuth.Applications;
using OrleansAuth.Audit;
using OrleansAuth.Breaches;
using OrleansAuth.Configuration;
using OrleansAuth.Entities;
using OrleansAuth.Events;
using OrleansAuth.Forms;
using OrleansAuth.Groups;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Keys;
using OrleansAuth.Mail;
using OrleansAuth.Messages;
using OrleansAuth.Mfa;
using OrleansAuth.OAuth;
using OrleansAuth.Operations;
using OrleansAuth.Outbox;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.UserActions;
using OrleansAuth.Users;
using OrleansAuth.Verification;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Hosting;

/// <summary>What grains need from the container, beside the store and the engine.</summary>
internal static class GrainServices
{
    public static IServiceCollection AddGrainServices(this IServiceCollection services) => services
        .AddSingleton<IFamilyRules, TenantRules>()
        .AddSingleton<IFamilyRules, ApplicationRules>()
        .AddSingleton<IFamilyRules, ApplicationSessionsRules>()
        .AddSingleton<IFamilyRules, GroupRules>()
        .AddSingleton<IFamilyRules, EntityTypeRules>()
        .AddSingleton<IFamilyRules, ThemeRules>()
        .AddSingleton<IFamilyRules, EmailTemplateRules>()
        .AddSingleton<IFamilyRules, MessageTemplateRules>()
        .AddSingleton<IFamilyRules, MessengerRules>()
        .AddSingleton<IFamilyRules, FormRules>()
        .AddSingleton<IFamilyRules, FormFieldRules>()
        .AddSingleton<IFamilyRules, KeyRules>()
        .AddSingleton<IFamilyRules, ApiKeyRules>()
        .AddSingleton<IFamilyRules, UserActionRules>()
        .AddSingleton<IFamilyRules, UserActionReasonRules>()
        .AddSingleton<IFamilyRules, WebhookRules>()
        .AddSingleton<IFamilyRules, IdentityProviderRules>()
        .AddSingleton<IFamilyRules, SystemConfigurationRules>()
        .AddSingleton<LoginFailures>()
        .AddSingleton<FamilyRegistry>()
        .AddSingleton<EventSource>()
        .AddSingleton<SystemEvents>()
        .AddSingleton<AuditLog>()
        .AddSingleton<EventLog>()
        .AddSingleton<TransactionDesk>()
        .AddSingleton<OutboxReader>()
        .AddSingleton<OutboxQueues>()
        .AddSingleton<OutboxBell>()
        .AddSingleton<IOutboxQueue, MailQueue>()
        .AddSingleton<IOutboxQueue, BackChannelLogoutQueue>()
        .AddSingleton<OutgoingHttp>()
        .AddSingleton(new OutgoingGate())
        .AddSingleton<UpstreamHttp>()
        .AddSingleton<ProviderDocuments>()
        .AddSingleton<IdTokens>()
        .AddSingleton<UpstreamTokens>()
        .AddSingleton<UpstreamServices>()
        .AddSingleton<WebhookSender>()
        .AddSingleton<IOutboxQueue, WebhookQueue>()
        .AddSingleton<ResendableEvents>()
        .AddSingleton<MailOutbox>()
        .AddSingleton<IOutboxQueue, MessageQueue>()
        .AddSingleton<MessageOutbox>()
        .AddSingleton<Notices>()
        .AddSingleton<IOutboxQueue, RecoveryQueue>()
        .AddSingleton<IOutboxQueue, NameWantedQueue>()
        .AddSingleton<PasswordTickets>()
        .AddSingleton<BreachedPasswords>()
        .AddSingleton<SecondFactors>()
        .AddSingleton<YubicoServer>()
        .AddSingleton<IOutboxQueue, ProofQueue>()
        .AddSingleton<Proofs>()
        .AddSingleton<UserActionLogs>()
        .AddSingleton<UserActionEvents>()
        .AddSingleton<UserServices>()
        .AddSingleton<ImportServices>()
        .AddSingleton<SmtpDelivery>()
        .AddSingleton(new PasswordHasherOptions())
        .AddHasher()
        .AddFaultPoints();

    /// <summary>Unless a test has put in its own.</summary>
    private static IServiceCollection AddFaultPoints(this IServiceCollection services)
    {
        services.TryAddSingleton<IFaultPoints, NoFaults>();
        return services;
    }

    /// <summary>Unless there is one already, such as one that counts.</summary>
    private static IServiceCollection AddHasher(this IServiceCollection services)
    {
        services.TryAddSingleton<IPasswordHasher>(provider => new PasswordHasher(provider.GetRequiredService<PasswordHasherOptions>()));
        return services;
    }
}
