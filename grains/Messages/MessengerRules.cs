using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Messages;

/// <summary>What makes a messenger valid. Its secrets are never shown, and stay with the address and account they were given for.</summary>
internal sealed class MessengerRules() : FamilyRules<Messenger>(Families.Messengers)
{
    private const int LongestTimeout = 30_000;
    private const int MostSettings = 200;
    private const int LongestValue = 4_000;

    protected override IEnumerable<UniqueName> Names(Messenger value) => [Name(value.Name, null)];

    protected override Refusal? RefuseRemoval(Messenger current, RuleContext context) => TemplateUse.Refuse(Family, current.Id, "essengerId", context.Snapshot);

    protected override Messenger Complete(Messenger next, Messenger? current, RuleContext context)
    {
        var sameServer = current is not null && next.Url == current.Url;
        return WithProducerSecrets(next, current) with
        {
            Name = next.Name.Trim(),
            Type = next.Type ?? current?.Type,
            HttpAuthenticationPassword = next.HttpAuthenticationPassword ?? (sameServer && next.HttpAuthenticationUsername == current!.HttpAuthenticationUsername ? current.HttpAuthenticationPassword : null),
            AuthToken = next.AuthToken ?? (sameServer && next.AccountSID == current!.AccountSID ? current.AuthToken : null),
        };
    }

    /// <summary>Secret settings leave the list that is shown; those of before stay, as long as they go to the same proxy.</summary>
    private static Messenger WithProducerSecrets(Messenger next, Messenger? current)
    {
        var given = next.Producer.Where(setting => KafkaProducer.IsSecret(setting.Key)).ToImmutableDictionary();
        var stays = current is not null && Proxy(next) == Proxy(current);
        var secrets = (stays ? KafkaProducer.Secrets(current!) : ImmutableDictionary<string, string>.Empty).SetItems(given);
        return next with
        {
            Producer = next.Producer.RemoveRange(given.Keys),
            ProducerSecrets = secrets.IsEmpty ? null : JsonSerializer.Serialize(secrets, ContractJson.Options),
        };
    }

    private static (string?, string?) Proxy(Messenger messenger) => (messenger.Producer.GetValueOrDefault(KafkaProducer.BridgeUrl), messenger.Producer.GetValueOrDefault("bootstrap.servers"));

    protected override void Check(Messenger next, Messenger? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (next.Type is null) errors.Add("type", "missing", "The [messenger.type] must be Generic, Kafka or Twilio.");
        if (current is not null && next.Type != current.Type) errors.Add("type", "invalid", "The type of a messenger cannot be changed.");
        if (next.MessageTypes.IsEmpty) errors.Add("messageTypes", "missing", "The [messenger.messageTypes] must name SMS, Voice or both.");
        errors.NotLonger(next.SslCertificate, "sslCertificate", 16 * 1024);
        switch (next.Type)
        {
            case MessengerType.Generic:
                CheckGeneric(next, errors);
                break;
            case MessengerType.Twilio:
                CheckTwilio(next, errors);
                break;
            case MessengerType.Kafka:
                CheckKafka(next, errors);
                break;
            default:
                break;
        }
    }

    private static void CheckGeneric(Messenger next, Errors errors)
    {
        OutgoingTarget.CheckUrl(next.Url, "messenger", errors);
        errors.InRange(next.ConnectTimeout, "connectTimeout", 1, LongestTimeout);
        errors.InRange(next.ReadTimeout, "readTimeout", 1, LongestTimeout);
        OutgoingTarget.CheckBasic(next.HttpAuthenticationUsername, next.HttpAuthenticationPassword, "messenger", errors);
        OutgoingHeaders.Check(next.Headers, "messenger", errors);
    }

    private static void CheckTwilio(Messenger next, Errors errors)
    {
        OutgoingTarget.CheckUrl(next.Url, "messenger", errors);
        errors.Required(next.AccountSID, "accountSID", 64);
        if (next.AccountSID is { } account && !account.All(char.IsAsciiLetterOrDigit)) errors.Add("accountSID", "invalid", "The [messenger.accountSID] has letters and digits only.");
        if (string.IsNullOrEmpty(next.AuthToken)) errors.Add("authToken", "blank", "The [messenger.authToken] must not be blank; address and account do not change without it.");
        errors.NotLonger(next.AuthToken, "authToken", 255);
        errors.NotLonger(next.FromPhoneNumber, "fromPhoneNumber", 64);
        errors.NotLonger(next.MessagingServiceSid, "messagingServiceSid", 64);
        if (string.IsNullOrWhiteSpace(next.FromPhoneNumber) && string.IsNullOrWhiteSpace(next.MessagingServiceSid))
            errors.Add("fromPhoneNumber", "blank", "A messenger of Twilio needs a [fromPhoneNumber] or a [messagingServiceSid].");
    }

    private static void CheckKafka(Messenger next, Errors errors)
    {
        errors.Required(next.DefaultTopic, "defaultTopic", 249);
        if (next.DefaultTopic is { } topic && (topic is "." or ".." || !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
            errors.Add("defaultTopic", "invalid", "The name of a topic has letters, digits, dots, hyphens and underscores.");
        if (next.Producer.Count > MostSettings || next.Producer.Any(setting => setting.Key.Length > 255 || setting.Value is null || setting.Value.Length > LongestValue))
            errors.Add("producer", "invalid", $"A producer has at most {MostSettings} settings of at most {LongestValue} characters.");
        if (next.Producer.GetValueOrDefault(KafkaProducer.BridgeUrl) is { } proxy) errors.HttpUrl(proxy, "producer");
    }
}
