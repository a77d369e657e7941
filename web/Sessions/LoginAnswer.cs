using System.Buffers;
using System.Text.Json;
using OrleansAuth.Tokens;

namespace OrleansAuth.Sessions;

/// <summary>The contract's answers to a login, by status; see <see cref="LoginStatus"/>.</summary>
internal sealed class LoginAnswer(LoginResult login, IssuedToken? token) : IResult
{
    private const int EmailUnverified = 212;
    private const int RegistrationUnverified = 213;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Code(login.Status);
        if (login is { User: null, ChangePasswordReason: null }) return;
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
        LoginStatus.ChangePassword => StatusCodes.Status203NonAuthoritative,
        LoginStatus.EmailUnverified => EmailUnverified,
        LoginStatus.RegistrationUnverified => RegistrationUnverified,
        LoginStatus.NotRegistered => StatusCodes.Status202Accepted,
        _ => StatusCodes.Status200OK,
    };

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
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

        if (login.User is { } user)
        {
            json.WritePropertyName("user");
            json.WriteRawValue(user.Utf8.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
