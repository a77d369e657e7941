using Sample;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(builder.Configuration.GetRequiredSection("OpenId").Get<OpenIdSettings>()!);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<OpenIdClient>();
builder.Services.AddSingleton<Sessions>();
builder.Services.AddHttpClient();
builder.Services.AddMemoryCache();
builder.Services.AddRazorPages(); // its forms carry a token against requests from other sites

var app = builder.Build();
var server = new Uri(app.Services.GetRequiredService<OpenIdSettings>().Authority).GetLeftPart(UriPartial.Authority);
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    ExceptionHandlingPath = "/problem",
    StatusCodeSelector = error => error is SignInException ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
});
app.Use((http, next) =>
{
    // No scripts, nothing from elsewhere, no frames; forms lead here or, by a redirect, to the identity server.
    http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; img-src data:; form-action 'self' {server}; frame-ancestors 'none'; base-uri 'none'";
    http.Response.Headers["Referrer-Policy"] = "no-referrer"; // addresses hold codes
    return next(http);
});
app.UseStaticFiles();
app.MapRazorPages();
app.Run();
