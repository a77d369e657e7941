using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Messages;
using OrleansAuth.Themes;

namespace OrleansAuth.Mail;

/// <summary>Shows what a template makes of a user who does not exist, whether or not it is stored, and what is wrong with it.</summary>
internal static class TemplatePreviews
{
    private const string Address = "ada@example.com";
    private const string Number = "+15555550100";

    public static void MapTemplatePreviews(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/email/template/preview", PreviewMail).Allow(ApiAccess.Key);
        routes.MapPost("/api/message/template/preview", PreviewMessage).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> PreviewMail(ApiRequest request)
    {
        var sent = await Read<EmailTemplate>(request, Families.EmailTemplates);
        if (sent.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var (template, wanted) = sent.Value;
        var locale = TemplateTexts.Choose(wanted, EmailRendering.Languages(template));
        var written = EmailRendering.Of(template, locale, Values());
        var email = new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = Address, ["display"] = "Ada Lovelace" }) };
        if (template.FromEmail is not null || written.FromName is not null)
        {
            var from = new JsonObject();
            if (template.FromEmail is { } address) from["address"] = address;
            if (written.FromName is { } name) from["display"] = name;
            email["from"] = from;
        }

        foreach (var (member, text) in ((string, string?)[])[("subject", written.Subject), ("text", written.Text), ("html", written.Html)])
            if (text is not null) email[member] = text;
        return Answer(new JsonObject { ["email"] = email }, Families.EmailTemplates, written.ParseErrors.AddRange(written.RenderErrors));
    }

    private static async Task<IResult> PreviewMessage(ApiRequest request)
    {
        var sent = await Read<MessageTemplate>(request, Families.MessageTemplates);
        if (sent.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var (template, wanted) = sent.Value;
        var locale = TemplateTexts.Choose(wanted, [.. template.LocalizedTemplates.Keys]);
        var text = locale is null ? template.DefaultTemplate ?? "" : template.LocalizedTemplates[locale];
        var written = TemplateTexts.Render(template, text, Values(), TemplateOutput.Text);
        var message = new JsonObject { ["phoneNumber"] = Number };
        var body = new JsonObject { ["message"] = message };
        if (written.Text is { } whole) (message["textMessage"], body["previewMessage"]) = (whole, whole);
        return Answer(body, Families.MessageTemplates, (written.ParseError ?? written.RenderError) is { } fault
            ? [KeyValuePair.Create(locale is null ? "defaultTemplate" : $"localizedTemplates.{locale}", fault)]
            : []);
    }

    private static async Task<Outcome<(T Template, IReadOnlyList<string> Wanted)>> Read<T>(ApiRequest request, ConfigurationFamily family) where T : ConfigurationObject
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return malformed;
        var errors = new Errors(family.Name);
        var locale = body.Value!.Text("locale", errors);
        var sent = body.Value!.Wrapped(family.Name);
        if (errors.Any) return errors.Refusal;
        if (sent.Refusal is { } missing) return missing;
        var template = ContractReading.Read<T>(ContractJson.WithoutNulls(sent.Value!), family.Name, errors);
        return template is null ? errors.Refusal : (template, locale is null ? [] : [locale]);
    }

    private static IResult Answer(JsonObject body, ConfigurationFamily family, IEnumerable<KeyValuePair<string, string>> faults)
    {
        var errors = faults.Select(fault => ContractError.At($"{family.Name}.{fault.Key}", "invalid", fault.Value)).ToList();
        if (errors.Count > 0) body["errors"] = ErrorResponses.Body(errors);
        return ContractResults.Json(body);
    }

    /// <summary>Somebody who does not exist, and one value for every variable that some occasion has.</summary>
    private static JsonObject Values() => (JsonObject)JsonNode.Parse($$"""
        {
          "user": {
            "id": "00000000-0000-0000-0000-000000000001", "tenantId": "00000000-0000-0000-0000-000000000002", "email": "{{Address}}", "username": "ada", "uniqueUsername": "ada",
            "firstName": "Ada", "lastName": "Lovelace", "fullName": "Ada Lovelace", "mobilePhone": "{{Number}}", "phoneNumber": "{{Number}}", "birthDate": "1815-12-10",
            "preferredLanguages": ["en"], "active": true, "verified": true, "data": {}
          },
          "tenant": { "id": "00000000-0000-0000-0000-000000000002", "name": "Acme", "issuer": "https://login.example.com" },
          "application": {
            "id": "00000000-0000-0000-0000-000000000003", "name": "Acme", "oauthConfiguration": { "clientId": "00000000-0000-0000-0000-000000000003" }
          },
          "name": "Acme", "link": "https://login.example.com/example", "code": "123456", "oneTimeCode": "ABC123", "verificationId": "verification-id",
          "verificationOneTimeCode": "ABC123", "changePasswordId": "change-password-id", "lifetime": "10 minutes", "lifetimeInSeconds": 600
        }
        """)!;
}
