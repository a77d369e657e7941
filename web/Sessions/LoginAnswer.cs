using System.Buffers;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Tokens;

namespace OrleansAuth.Sessions;

/// <summary>The contract's answers to a login, by status; see <see cref="LoginStatus"/>.</summary>
internal sealed class LoginAnswer(LoginResult login, IssuedToken? token) : IResult
{
    private const int TwoFactor = 242;
    private const int IdentityUnverified = 212;
    private const int RegistrationUnverified = 213;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Code(login.Status);
        if (login is { User: null, ChangePasswordReason: null, Actions: null, Challenge: null }) return;
        var body = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(body)) Write(json);
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.WrittenCount;
        await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    private static int Code(LoginStatus status) => status switch
    {
        LoginStatus.Rejected => StatusCodes.Status404NotFound,
        LoginStatus.Locked => StatusCodes.Status423Locked,
        LoginStatus.Expired => StatusCodes.Status410Gone,
        LoginStatus.Prevented => StatusCodes.Status409Conflict,
        LoginStatus.TwoFactor => TwoFactor,
        LoginStatus.ChangePassword => StatusCodes.Status203NonAuthoritative,
        LoginStatus.EmailUnverified or LoginStatus.PhoneUnverified => IdentityUnverified,
        LoginStatus.RegistrationUnverified => RegistrationUnverified,
        LoginStatus.NotRegistered => StatusCodes.Status202Accepted,
        _ => StatusCodes.Status200OK,
    };

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(json, "actions", login.Actions);
        if (login.Challenge is { } challenge)
        {
            json.WriteString("twoFactorId", challenge.TwoFactorId);
            Write(json, "methods", challenge.Methods);
            Write(json, "configurableMethods", challenge.ConfigurableMethods);
        }

        if (login.Members is { } members)
            foreach (var member in members.Read<JsonElement>().EnumerateObject()) member.WriteTo(json);
        if (login.ChangePasswordId is { } ticket) json.WriteString("changePasswordId", ticket);
        if (login.ChangePasswordReason is { } reason) json.WriteString("changePasswordReason", reason.ToString());
        if (token is not null)
        {
            if (login.Session is { } session)
            {
                json.WriteString("refreshToken", session.Token);
                json.WriteString("refreshTokenId", session.SessionId);
            }

            json.WriteString("token", token.Token);
            json.WriteNumber("tokenExpirationInstant", token.ExpiresAt);
        }

        Write(json, "user", login.User);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonText? value)
    {
        if (value is null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
