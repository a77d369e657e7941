using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Messages;

/// <summary>A message as each kind of messenger wants it by HTTP.</summary>
internal static class MessengerRequests
{
    private const string KafkaJson = "application/vnd.kafka.json.v2+json";

    /// <summary>
    /// The request, whose <c>Idempotency-Key</c> is the same in every attempt. Null where the messenger lacks what it takes; then
    /// <paramref name="missing"/> says what, for operators.
    /// </summary>
    public static HttpRequestMessage? Make(Messenger messenger, PhoneMessage message, Guid id, out string missing)
    {
        missing = "";
        var request = messenger.Type switch
        {
            MessengerType.Generic => Generic(messenger, message),
            MessengerType.Twilio => Twilio(messenger, message),
            MessengerType.Kafka => Kafka(messenger, message),
            _ => null,
        };
        if (request is null) missing = $"The messenger [{messenger.Name}] has no REST proxy to reach Kafka by. Set [{KafkaProducer.BridgeUrl}] among the settings of its producer.";
        else request.Headers.TryAddWithoutValidation("Idempotency-Key", id.ToString());
        return request;
    }

    private static HttpRequestMessage Generic(Messenger messenger, PhoneMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, messenger.Url) { Content = Json(Body(message), "application/json") };
        foreach (var (name, value) in messenger.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (!string.IsNullOrEmpty(messenger.HttpAuthenticationUsername)) SignIn(request, $"{messenger.HttpAuthenticationUsername}:{messenger.HttpAuthenticationPassword}");
        return request;
    }

    private static HttpRequestMessage Twilio(Messenger messenger, PhoneMessage message)
    {
        List<KeyValuePair<string, string>> form = [new("To", message.PhoneNumber), new("Body", message.Text)];
        form.Add(string.IsNullOrWhiteSpace(messenger.MessagingServiceSid) ? new("From", messenger.FromPhoneNumber ?? "") : new("MessagingServiceSid", messenger.MessagingServiceSid));
        var request = new HttpRequestMessage(HttpMethod.Post, $"{messenger.Url!.TrimEnd('/')}/2010-04-01/Accounts/{messenger.AccountSID}/Messages.json") { Content = new FormUrlEncodedContent(form) };
        SignIn(request, $"{messenger.AccountSID}:{messenger.AuthToken}");
        return request;
    }

    private static HttpRequestMessage? Kafka(Messenger messenger, PhoneMessage message)
    {
        if (messenger.Producer.GetValueOrDefault(KafkaProducer.BridgeUrl) is not { Length: > 0 } proxy) return null;
        var records = new JsonObject { ["records"] = new JsonArray(new JsonObject { ["value"] = Body(message) }) };
        var request = new HttpRequestMessage(HttpMethod.Post, $"{proxy.TrimEnd('/')}/topics/{messenger.DefaultTopic}") { Content = Json(records, KafkaJson) };
        if (KafkaProducer.Secrets(messenger).GetValueOrDefault(KafkaProducer.BridgeUser) is { Length: > 0 } user) SignIn(request, user);
        return request;
    }

    /// <summary>The contract's message, by its names.</summary>
    private static JsonObject Body(PhoneMessage message)
    {
        var body = new JsonObject { ["phoneNumber"] = message.PhoneNumber, ["textMessage"] = message.Text };
        if (message.Code is { } code) body["code"] = code;
        if (message.UserId is { } user) body["userId"] = user;
        return body;
    }

    private static ByteArrayContent Json(JsonObject body, string type)
    {
        var content = new ByteArrayContent(ContractJson.Write(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static void SignIn(HttpRequestMessage request, string nameAndPassword) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(nameAndPassword)));
}
