using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Forms;
using OrleansAuth.Keys;
using OrleansAuth.Mail;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Tenants;

/// <summary>What makes a tenant valid, and what the server completes in one.</summary>
internal sealed class TenantRules() : FamilyRules<Tenant>(Families.Tenants)
{
    /// <summary>A removal first marks the tenant; <see cref="TenantRemovalGrain"/> takes it out when everything in it has gone.</summary>
    public override bool RemovesAtOnce => false;

    public override IReadOnlyCollection<string> NotCopied => ["name", "state"];

    protected override Tenant Activate(Tenant value, bool active) => active ? value : value with { State = ObjectState.PendingDelete };

    protected override IEnumerable<UniqueName> Names(Tenant value) => [Name(value.Name, null)];

    protected override void Raise(Tenant? next, Tenant? current, RuleContext context, OperationEvents events)
    {
        if (next is not null && current is not null) PublicKeyChange.Raise(current, next, context, events);
    }

    protected override Refusal? RefuseRemoval(Tenant current, RuleContext context) =>
        context.Snapshot.Find<Application>(WellKnown.AdministrationApplication)?.TenantId == current.Id
            ? Refusal.Invalid(ContractError.General("[defaultTenant]", "The default tenant holds the administration application and cannot be deleted."))
            : null;

    /// <summary>People are told of what an attacker would keep quiet about, unless somebody decides that they are not.</summary>
    private static readonly (string Member, string Occasion)[] ToldAtFirst =
    [
        ("adminTwoFactorMethodRemoveEmailTemplateId", "AdminTwoFactorMethodRemove"), ("emailUpdateEmailTemplateId", "EmailUpdate"),
        ("passwordResetSuccessEmailTemplateId", "PasswordResetSuccess"), ("passwordUpdateEmailTemplateId", "PasswordUpdate"),
        ("twoFactorMethodAddEmailTemplateId", "TwoFactorMethodAdd"), ("twoFactorMethodRemoveEmailTemplateId", "TwoFactorMethodRemove"),
    ];

    public override void Begin(JsonObject document)
    {
        document.TryAdd("emailConfiguration", new JsonObject());
        if (document["emailConfiguration"] is not JsonObject mail) return;
        foreach (var (member, occasion) in ToldAtFirst) mail.TryAdd(member, BuiltInMessages.MailOf(occasion));
    }

    protected override Tenant Complete(Tenant next, Tenant? current, RuleContext context)
    {
        var administration = context.Snapshot.Find<Application>(WellKnown.AdministrationApplication);
        var defaults = context.Snapshot.Find<Tenant>(administration?.TenantId);
        var before = current ?? (Tenant?)context.Source;
        return next with
        {
            Name = next.Name.Trim(),
            State = current?.State ?? ObjectState.Active,
            EmailConfiguration = KeepPassword(next.EmailConfiguration, before?.EmailConfiguration),
            UserDeletePolicy = new TenantUserDeletePolicy { Unverified = VerificationRules.Completed(next.UserDeletePolicy.Unverified, current?.UserDeletePolicy.Unverified, context.Now) },
            CaptchaConfiguration = KeepSecret(next.CaptchaConfiguration, before?.CaptchaConfiguration),
            EventConfiguration = next.EventConfiguration with { Events = Complete(next.EventConfiguration.Events) },
            JwtConfiguration = next.JwtConfiguration with
            {
                Enabled = true,
                AccessTokenKeyId = next.JwtConfiguration.AccessTokenKeyId ?? defaults?.JwtConfiguration.AccessTokenKeyId,
                IdTokenKeyId = next.JwtConfiguration.IdTokenKeyId ?? defaults?.JwtConfiguration.IdTokenKeyId,
            },
        };
    }

    /// <summary>
    /// The password is never shown, so an update or a copy without one means the stored one; but it stays with the server and account
    /// it was given for, or a changed host would be sent the old host's password.
    /// </summary>
    private static EmailConfiguration KeepPassword(EmailConfiguration next, EmailConfiguration? current) =>
        next.Password is null && current is not null && (next.Host, next.Port, next.Username) == (current.Host, current.Port, current.Username)
            ? next with { Password = current.Password }
            : next;

    private static TenantCaptchaConfiguration KeepSecret(TenantCaptchaConfiguration next, TenantCaptchaConfiguration? current) =>
        next.SecretKey is null && current is not null && (next.CaptchaMethod, next.SiteKey) == (current.CaptchaMethod, current.SiteKey)
            ? next with { SecretKey = current.SecretKey }
            : next;

    private static ImmutableDictionary<string, EventConfigurationData> Complete(ImmutableDictionary<string, EventConfigurationData> events) =>
        events.AddRange(EventTypes.All.Where(type => !events.ContainsKey(type)).Select(type => KeyValuePair.Create(type, new EventConfigurationData())));

    protected override void Check(Tenant next, Tenant? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.Required(next.Issuer, "issuer");
        errors.HttpUrl(next.LogoutURL, "logoutURL");
        errors.HttpUrl(next.BaseURL, "baseURL");
        errors.Theme(next.ThemeId, current?.ThemeId, context);
        errors.Form(next.FormConfiguration.AdminUserFormId, current?.FormConfiguration.AdminUserFormId, FormType.AdminUser, "formConfiguration.adminUserFormId", context);
        errors.InRange(next.HttpSessionMaxInactiveInterval, "httpSessionMaxInactiveInterval", 1);
        foreach (var type in next.EventConfiguration.Events.Keys.Where(type => !EventTypes.All.Contains(type)))
            errors.Add($"eventConfiguration.events.{type}", "invalid", $"There is no event type [{type}].");
        foreach (var (type, settings) in next.EventConfiguration.Events.Where(e => EventTypes.Informational.Contains(e.Key) && e.Value.TransactionType != TransactionType.None))
            errors.Add($"eventConfiguration.events.{type}.transactionType", "invalid", $"The event [{type}] tells what has happened; no receiver can veto it, so its transaction type is None.");
        if (next.RegistrationConfiguration.BlockedDomains.Any(d => string.IsNullOrWhiteSpace(d) || d.Contains('@', StringComparison.Ordinal)))
            errors.Add("registrationConfiguration.blockedDomains", "invalid", "A blocked domain is a domain such as example.com.");
        CheckConnectors(next, errors);
        TenantPasswordRules.Check(next, errors);
        MailSettingsRules.Check(next.EmailConfiguration, errors);
        VerificationRules.Check(next, errors);
        TenantLoginRules.Check(next, current, context.Snapshot, errors);
        TenantWebAuthnRules.Check(next, errors);
        TenantIdentifierRules.Check(next.ExternalIdentifierConfiguration, errors);
        TokenRules.Check(next.JwtConfiguration, "jwtConfiguration", context.Snapshot, errors);
        errors.Templates(next, current, context.Snapshot);
    }

    private static void CheckConnectors(Tenant next, Errors errors)
    {
        var policies = next.ConnectorPolicies;
        if (policies.IsEmpty || policies.Select(p => p.ConnectorId).Distinct().Count() != policies.Length || policies.Any(p => p.ConnectorId is null || p.Domains.IsEmpty))
            errors.Add("connectorPolicies", "invalid", "The connector policies name at least one connector, each once and each with its domains.");
    }
}
