using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Recovery;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>
/// Makes the ids that open the way to a new password, and the messages that carry them. The id is known to the message and to
/// whoever is told; the store has its hash.
/// </summary>
internal sealed class PasswordTickets(Notices notices, ConfigurationReader configuration, Clock clock)
{
    /// <summary>A new id, and what it stands for, as part of a commit. A conflict over it means to try again with another.</summary>
    public string Issue(Commit commit, StoredUser user, Tenant tenant, TicketOrder order)
    {
        var settings = tenant.ExternalIdentifierConfiguration;
        var first = order.Occasion == Occasion.SetPassword;
        var text = IdentifierText.New(first ? settings.SetupPasswordIdGenerator : settings.ChangePasswordIdGenerator);
        commit.Issue(IdentifierKinds.ChangePassword, text, new StoredIdentifier
        {
            TenantId = tenant.Id,
            IssuedAt = clock.Now,
            ExpiresAt = Expiry(tenant, order.Occasion),
            Content = JsonSerializer.SerializeToElement(Ticket(user, order), ContractJson.Options),
        });
        return text;
    }

    /// <summary>When an id that is handed out now is over, milliseconds since 1970.</summary>
    public long Expiry(Tenant tenant, Occasion occasion) => clock.Now + (long)Life(tenant, occasion).TotalMilliseconds;

    /// <summary>Sends the link the way that the order says, as part of a commit.</summary>
    public void Send(Commit commit, StoredUser user, Tenant tenant, TicketOrder order, string text)
    {
        var application = configuration.Current.FindIn<Application>(tenant.Id, order.ApplicationId);
        var link = $"{order.LinkOrigin.TrimEnd('/')}/password/change/{Uri.EscapeDataString(text)}?tenantId={tenant.Id}";
        if (application is not null) link += $"&client_id={Uri.EscapeDataString(application.ClientId)}";
        var values = new JsonObject { ["changePasswordId"] = text };
        if (order.State is { } state) values["state"] = JsonNode.Parse(state.GetRawText());
        var notice = new Notice(order.Occasion, user, tenant, application) { Link = link, Values = values, Expires = Expiry(tenant, order.Occasion) };
        if (order.Way == TicketWay.Text) notices.Text(commit, notice);
        else notices.Mail(commit, notice);
    }

    public static StoredTicket Ticket(StoredUser user, TicketOrder order) => new()
    {
        UserId = user.Id,
        Generation = user.PasswordGeneration,
        MailedTo = order.Way == TicketWay.Mail ? LoginName.Normalise(user.User.Email) : null,
        TextedTo = order.Way == TicketWay.Text ? LoginName.Phone(user.User.PhoneNumber) : null,
        ApplicationId = order.ApplicationId,
        State = order.State,
    };

    private static TimeSpan Life(Tenant tenant, Occasion occasion) => TimeSpan.FromSeconds(occasion == Occasion.SetPassword
        ? tenant.ExternalIdentifierConfiguration.SetupPasswordIdTimeToLiveInSeconds
        : tenant.ExternalIdentifierConfiguration.ChangePasswordIdTimeToLiveInSeconds);
}

/// <summary>What an id is wanted for.</summary>
/// <param name="LinkOrigin">Where the link leads; unused where nothing is sent.</param>
internal sealed record TicketOrder(Occasion Occasion, string LinkOrigin, Guid? ApplicationId, JsonElement? State, TicketWay Way)
{
    /// <summary>For a caller who is told the id; nothing is sent.</summary>
    public static TicketOrder ToCaller(Guid? applicationId) => new(Occasion.ForgotPassword, "", applicationId, null, TicketWay.Caller);

    /// <summary>A message carries it.</summary>
    public bool IsSent => Way != TicketWay.Caller;
}

/// <summary>How an id gets to its user.</summary>
internal enum TicketWay
{
    /// <summary>The caller is told it and hands it on.</summary>
    Caller,

    /// <summary>To the e-mail address.</summary>
    Mail,

    /// <summary>To the phone number, as a text message.</summary>
    Text,
}
