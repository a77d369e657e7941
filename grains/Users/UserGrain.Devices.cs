using System.Text.Json.Nodes;
using OrleansAuth.Events;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>Devices that the user signs in on.</summary>
internal sealed partial class UserGrain
{
    /// <summary>
    /// The logins with the device noted, where somebody wants to know of new ones. If this one is new, the user and receivers are told, and if
    /// more than that looks wrong, of that too.
    /// </summary>
    private UserLogins Recognised(Commit commit, UserTelling? telling, StoredUser user, Entry entry, long now)
    {
        if (entry.Seen is not { } seen || !WantsDevices(user, entry.Settings)) return _logins;
        var (devices, isNew) = KnownDevices.With(_logins.Devices, _userId, seen, now);
        if (isNew)
        {
            Warn(commit, Occasion.LoginNewDevice, user, entry);
            telling?.Add(EventTypes.UserLoginNewDevice, p => LoginMembers(p, entry));
            var threats = LoginThreats.Of(user, _logins, now);
            if (!threats.IsEmpty)
            {
                Warn(commit, Occasion.LoginSuspicious, user, entry);
                telling?.Add(EventTypes.UserLoginSuspicious, p =>
                {
                    var members = LoginMembers(p, entry);
                    members["threatsDetected"] = new JsonArray([.. threats.Select(threat => (JsonNode)threat)]);
                    return members;
                });
            }
        }

        return _logins with { Devices = devices };
    }

    private bool WantsDevices(StoredUser user, TokenSettings settings) =>
        Hears(EventTypes.UserLoginNewDevice) || Hears(EventTypes.UserLoginSuspicious) || HasTemplate(Occasion.LoginNewDevice, user, settings) || HasTemplate(Occasion.LoginSuspicious, user, settings);

    private static bool HasTemplate(Occasion occasion, StoredUser user, TokenSettings settings) =>
        new Notice(occasion, user, settings.Tenant, settings.Application) is var notice && (NoticeTemplates.Mail(notice) ?? NoticeTemplates.Text(notice)) is not null;

    private void Warn(Commit commit, Occasion occasion, StoredUser user, Entry entry)
    {
        var notice = new Notice(occasion, user, entry.Settings.Tenant, entry.Settings.Application);
        services.Notices.Mail(commit, notice);
        services.Notices.Text(commit, notice);
    }

    /// <summary>What events of a login say.</summary>
    private static JsonObject LoginMembers(UserPayload payload, Entry entry) => payload.With(
        ("applicationId", entry.Settings.Application?.Id), ("authenticationType", entry.AuthenticationType),
        ("identityProviderId", entry.Link?.Provider.Id), ("identityProviderName", entry.Link?.Provider.Name), ("ipAddress", entry.IpAddress));
}
