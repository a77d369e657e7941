using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Entities;
using OrleansAuth.Forms;
using OrleansAuth.Groups;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Keys;
using OrleansAuth.Mail;
using OrleansAuth.Messages;
using OrleansAuth.Operations;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.UserActions;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Configuration;

/// <summary>
/// One kind of configuration object: its names, its type, its secrets. A family gets create, read, update, the three
/// kinds of patch, delete, list, search, copy and audit from the shared mechanism; what is special about it is in its rules
/// (<c>FamilyRules</c> in the grains) and its routes (in the web tier).
/// </summary>
/// <param name="Name">What wraps the object in requests and responses, such as <c>tenant</c>. Also names the state rows.</param>
/// <param name="Plural">What wraps lists of it, such as <c>tenants</c>.</param>
/// <param name="Type">The record that its JSON is read into.</param>
/// <param name="Secrets">Paths of members that are encrypted at rest, such as <c>emailConfiguration.password</c>.</param>
public sealed record ConfigurationFamily(string Name, string Plural, Type Type, ImmutableArray<string> Secrets)
{
    /// <summary>Those secrets that are never shown again; a change that does not send them leaves them to the family's rules.</summary>
    public ImmutableArray<string> WriteOnly { get; init; } = [];

    /// <summary>Objects that come with the server: every system has them as they are, and nobody can change or remove them, unless <see cref="BuiltInChanges"/>.</summary>
    public ImmutableArray<ConfigurationObject> BuiltIn { get; init; } = [];

    /// <summary>What is built in is only what holds until somebody changes it.</summary>
    public bool BuiltInChanges { get; init; }

    /// <summary>The kind of the family's state rows.</summary>
    public string Kind => $"config.{Name}";

    /// <summary>The object as JSON without what is never shown.</summary>
    public JsonObject Shown(ConfigurationObject value)
    {
        var document = ContractJson.ToNode<object>(value);
        foreach (var path in WriteOnly)
        {
            var names = path.Split('.');
            JsonNode? holder = document;
            foreach (var name in names.AsSpan(0, names.Length - 1)) holder = (holder as JsonObject)?[name];
            (holder as JsonObject)?.Remove(names[^1]);
        }

        return document;
    }

    public override string ToString() => Name;
}

/// <summary>Every configuration family. Adding one is a line here, its record and its rules.</summary>
public static class Families
{
    public static readonly ConfigurationFamily Tenants = new("tenant", "tenants", typeof(Tenant),
        ["emailConfiguration.password", "captchaConfiguration.secretKey"])
    {
        WriteOnly = ["emailConfiguration.password", "captchaConfiguration.secretKey"],
    };

    public static readonly ConfigurationFamily Applications = new("application", "applications", typeof(Application),
        ["oauthConfiguration.clientSecret", "cleanSpeakConfiguration.apiKey"]);

    public static readonly ConfigurationFamily Groups = new("group", "groups", typeof(Group), []);

    public static readonly ConfigurationFamily Keys = new("key", "keys", typeof(Key), ["privateKey", "secret"])
    {
        WriteOnly = ["privateKey", "secret"],
    };

    public static readonly ConfigurationFamily EntityTypes = new("entityType", "entityTypes", typeof(EntityType), []);

    public static readonly ConfigurationFamily ApiKeys = new("apiKey", "apiKeys", typeof(ApiKey), ["key"]);

    public static readonly ConfigurationFamily ApplicationSessions = new("applicationSessions", "applicationSessions", typeof(ApplicationSessions), []);

    public static readonly ConfigurationFamily Themes = new("theme", "themes", typeof(Theme), [])
    {
        BuiltIn = [new Theme { Id = WellKnown.DefaultTheme, Name = "OrleansAuth" }],
    };

    public static readonly ConfigurationFamily FormFields = new("field", "fields", typeof(FormField), []) { BuiltIn = [.. BuiltInForms.Fields] };

    public static readonly ConfigurationFamily Forms = new("form", "forms", typeof(Form), []) { BuiltIn = [.. BuiltInForms.Forms] };

    public static readonly ConfigurationFamily UserActions = new("userAction", "userActions", typeof(UserAction), []);

    public static readonly ConfigurationFamily UserActionReasons = new("userActionReason", "userActionReasons", typeof(UserActionReason), []);

    public static readonly ConfigurationFamily EmailTemplates = new("emailTemplate", "emailTemplates", typeof(EmailTemplate), []) { BuiltIn = [.. BuiltInMessages.Mails] };

    public static readonly ConfigurationFamily MessageTemplates = new("messageTemplate", "messageTemplates", typeof(MessageTemplate), []) { BuiltIn = [.. BuiltInMessages.Texts] };

    public static readonly ConfigurationFamily Messengers = new("messenger", "messengers", typeof(Messenger), ["httpAuthenticationPassword", "authToken", "producerSecrets"])
    {
        WriteOnly = ["httpAuthenticationPassword", "authToken", "producerSecrets"],
    };

    public static readonly ConfigurationFamily Webhooks = new("webhook", "webhooks", typeof(Webhook), ["httpAuthenticationPassword", "secret", "formerSecrets", "headerSecrets"])
    {
        WriteOnly = ["httpAuthenticationPassword", "secret", "formerSecrets", "headerSecrets"],
    };

    public static readonly ConfigurationFamily IdentityProviders = new("identityProvider", "identityProviders", typeof(IdentityProvider), ["oauth2.client_secret", "applicationSecrets"])
    {
        WriteOnly = ["oauth2.client_secret", "applicationSecrets"],
    };

    public static readonly ConfigurationFamily SystemConfigurations = new("systemConfiguration", "systemConfigurations", typeof(SystemConfiguration), [])
    {
        BuiltIn = [new SystemConfiguration { Id = SystemConfiguration.TheOne }],
        BuiltInChanges = true,
    };

    /// <summary>All of them, in the order in which a fresh system is filled.</summary>
    public static readonly ImmutableArray<ConfigurationFamily> All =
        [Themes, FormFields, Forms, EmailTemplates, MessageTemplates, Messengers, Tenants, Keys, Applications, ApplicationSessions, Groups, EntityTypes, ApiKeys, UserActions, UserActionReasons, Webhooks, IdentityProviders, SystemConfigurations];

    private static readonly ImmutableDictionary<string, ConfigurationFamily> ByName = All.ToImmutableDictionary(f => f.Name);

    private static readonly ImmutableDictionary<Type, ConfigurationFamily> ByType = All.ToImmutableDictionary(f => f.Type);

    public static ConfigurationFamily Named(string name) => ByName[name];

    public static ConfigurationFamily Of(Type type) => ByType[type];
}
