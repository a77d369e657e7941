using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrleansAuth.Benchmarks.Peer;

// The system that our figures are set beside: ASP.NET Core Identity as its documentation sets it up, with a pooled
// Entity Framework context, on SQLite or PostgreSQL. Settings: Store (sqlite, postgres), ConnectionString,
// Sessions (none, durable).
var builder = WebApplication.CreateBuilder(args);
var connection = builder.Configuration["ConnectionString"]
    ?? throw new InvalidOperationException("Set ConnectionString to the database of the peer.");

builder.Services.AddDbContextPool<PeerDatabase>(options =>
    _ = builder.Configuration["Store"] == "postgres" ? options.UseNpgsql(connection) : options.UseSqlite(connection));
builder.Services.AddHttpContextAccessor();
builder.Services.AddSingleton<Tokens>();
builder.Services.AddSingleton<IPasswordHasher<PeerUser>, Pbkdf2Hasher>();
builder.Services.AddIdentityCore<PeerUser>(options => options.User.RequireUniqueEmail = true)
    .AddRoles<IdentityRole>()
    .AddEntityFrameworkStores<PeerDatabase>()
    .AddSignInManager();
builder.Services.AddAuthentication(BearerCheck.Scheme).AddScheme<BearerCheckOptions, BearerCheck>(BearerCheck.Scheme, null);
builder.Services.AddAuthorization();
// Nothing here protects data, so no key ring is written to the account's home folder.
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();

var durable = builder.Configuration["Sessions"] == "durable";
if (durable) builder.Services.AddScoped<ISessions, DurableSessions>();
else builder.Services.AddScoped<ISessions, SignedSessions>();

var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
    await scope.ServiceProvider.GetRequiredService<PeerDatabase>().Database.EnsureCreatedAsync();

app.UseAuthentication();
app.UseAuthorization();
app.MapPeer();
await app.RunAsync();
