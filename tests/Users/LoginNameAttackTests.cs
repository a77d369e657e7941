using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>E-mail addresses, usernames and phone numbers of a tenant are one space of names: whoever has one has it in every form.</summary>
public sealed class LoginNameAttackTests
{
    [Theory]
    [InlineData("email", "ada@example.com", "username", "ada@example.com")]
    [InlineData("email", "ada@example.com", "username", "ADA@Example.COM")]
    [InlineData("username", "ada@example.com", "email", "Ada@example.com")]
    [InlineData("username", "Ada", "username", "ADA")]
    [InlineData("username", "+491701234567", "phoneNumber", "+49 170 1234567")]
    [InlineData("email", "ada@example.com", "email", "ADA@EXAMPLE.COM")]
    public async Task A_name_that_somebody_has_in_one_form_is_taken_in_every_other(string firstKind, string first, string secondKind, string second)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        (await server.Post("/api/user", User(firstKind, first), tenant: tenant)).Is(200);
        Assert.Equal($"[duplicate]user.{secondKind}", (await server.Post("/api/user", User(secondKind, second), tenant: tenant)).Is(400).FieldError($"user.{secondKind}"));
        (await server.Post("/api/user", User(secondKind, second), tenant: await server.NewTenant())).Is(200);
    }

    [Fact]
    public async Task Who_takes_anothers_address_as_a_username_cannot_sign_in_as_the_other()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        (await server.Post("/api/user", User("email", "ada@example.com"), tenant: tenant)).Is(200);
        var mallory = (Guid)(await server.Post("/api/user", User("username", "mallory"), tenant: tenant)).Is(200).Body["user"]!["id"]!;
        Assert.Equal("[duplicate]user.username", (await server.Patch($"/api/user/{mallory}", new { user = new { username = "Ada@Example.com" } }, tenant: tenant)).Is(400).FieldError("user.username"));
        Assert.Equal("mallory", (string?)(await server.Get($"/api/user/{mallory}", tenant: tenant)).Body["user"]!["username"]);
    }

    [Fact]
    public async Task Of_registrations_in_the_same_millisecond_one_wins_whichever_kind_of_name_it_has()
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant();
        for (var round = 0; round < 20; round++)
        {
            var name = $"ada{round}@example.com";
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => server.Post("/api/user", User(i % 2 == 0 ? "email" : "username", name), tenant: tenant))));
            Assert.Single(answers, a => (int)a.Status == 200);
            Assert.Equal(5, answers.Count(a => (int)a.Status == 400));
        }
    }

    private static object User(string kind, string name) => new { user = new Dictionary<string, string> { [kind] = name, ["password"] = "correct horse battery" } };
}
