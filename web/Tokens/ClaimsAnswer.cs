using System.Buffers;
using System.Text.Json;

namespace OrleansAuth.Tokens;

/// <summary>The claims of a token, as they are in it.</summary>
internal sealed class ClaimsAnswer(JsonElement claims) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WritePropertyName("jwt");
            claims.WriteTo(json);
            json.WriteEndObject();
        }

        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.WrittenCount;
        await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }
}
