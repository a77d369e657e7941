using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>
/// Begins the way to a new password. Callers with a key get to know what became of it; all others get the same empty
/// answer for every name, so that nobody learns who has an account.
/// </summary>
internal static class ForgotPasswordEndpoint
{
    private const int LongestState = 4096;

    public static void MapForgotPassword(this IEndpointRouteBuilder routes) => routes.MapPost("/api/user/forgot-password", Begin).Allow(ApiAccess.Anyone);

    private static async Task<IResult> Begin(ApiRequest request, PasswordRecovery recovery, IGrainFactory grains, UserQueries users, PublicAddress address)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var wish = Wish.Read(sent, request, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var named = request.TenantScope ?? wish.Application?.TenantId;
        var tenantId = named is { } id ? id : request.RequireTenant();
        if (tenantId.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        var tenant = request.Snapshot.Find<Tenant>(tenantId.Value)!;
        if (request.Key is null)
        {
            if (wish.Mails || wish.Texts) await recovery.Ask(tenant, wish.LoginId, wish.Types, wish.Application?.Id, wish.State, request.Actor);
            return ContractResults.Empty;
        }

        var name = LoginName.Of(wish.LoginId, wish.Types.Contains("phoneNumber"));
        if (name is null || await users.FindByLogin(tenant.Id, name, request.Http.RequestAborted) is not { } userId) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var begun = await grains.UserPassword(tenant.Id, userId).BeginRecovery(wish.Command(address.OriginOf(tenant), request));
        return begun.Answer(answer => answer.Ticket is { } ticket
            ? ContractResults.Json(new JsonObject { ["changePasswordId"] = ticket })
            : ErrorResponses.Empty(StatusCodes.Status422UnprocessableEntity));
    }

    /// <summary>A request after reading.</summary>
    private sealed record Wish(string LoginId, System.Collections.Immutable.ImmutableArray<string> Types, Application? Application, JsonObject? State, bool Mails, string? Ticket)
    {
        /// <summary>A text message may carry it; where nothing is said, as a mail may.</summary>
        public bool Texts { get; init; }

        public static Wish Read(JsonObject body, ApiRequest request, Errors errors)
        {
            var loginId = body.Text("loginId", errors) ?? body.Text("email", errors) ?? body.Text("username", errors);
            if (string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] must not be blank.");
            var applicationId = body.Id("applicationId", errors);
            var application = request.FindApplication(applicationId);
            if (applicationId is not null && application is null) errors.AddField("applicationId", "invalid", $"There is no application with the Id [{applicationId}].");
            var state = body["state"] as JsonObject;
            if (body["state"] is not null && state is null) errors.AddField("state", "couldNotConvert", "The [state] must be a JSON object.");
            if (state?.ToJsonString().Length > LongestState) errors.AddField("state", "tooLong", $"The [state] may have at most {LongestState} characters.");
            var ticket = request.Key is null ? null : body.Text("changePasswordId", errors);
            if (ticket is { Length: > PasswordRecovery.LongestId }) errors.AddField("changePasswordId", "tooLong", $"The [changePasswordId] may have at most {PasswordRecovery.LongestId} characters.");
            var mails = body.Flag("sendForgotPasswordEmail", errors, otherwise: true);
            return new Wish(loginId ?? "", LoginRequest.Types(body, errors), application, state, mails, string.IsNullOrWhiteSpace(ticket) ? null : ticket)
            {
                Texts = body.Flag("sendForgotPasswordMessage", errors, otherwise: mails),
            };
        }

        public BeginRecovery Command(string origin, ApiRequest request) => new(origin, Application?.Id, State is null ? null : JsonText.From(State), request.Actor)
        {
            Mails = Mails,
            Texts = Texts,
            Ticket = Ticket,
            LoginId = LoginId,
            LoginIdTypes = Types,
        };
    }
}
