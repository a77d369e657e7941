using OrleansAuth.Common;
using OrleansAuth.Mail;

namespace OrleansAuth.Sessions;

public sealed class LoginGateTests
{
    /// <summary>What the user lacks is verified neither way; which gates are shut differs.</summary>
    [Theory]
    [InlineData("Allow", "Allow", 212, true)]
    [InlineData("Gated", "Allow", 212, false)]
    [InlineData("Allow", "Gated", 213, false)]
    [InlineData("Gated", "Gated", 212, false)]
    public async Task A_gate_that_is_shut_is_not_hidden_by_one_that_is_open(string email, string registration, int status, bool token)
    {
        var server = await TestServer.Shared;
        var tenant = await server.NewTenant(new { emailConfiguration = new { verifyEmail = true, verificationEmailTemplateId = BuiltInMessages.MailOf("EmailVerification"), unverified = new { behavior = email } } });
        var application = await server.NewApplication(tenant, new { verifyRegistration = true, verificationEmailTemplateId = BuiltInMessages.MailOf("EmailVerification"), unverified = new { behavior = registration } });
        var login = $"{Guid.NewGuid():N}@example.com";
        (await server.Post("/api/user/registration", new { user = new { email = login, password = "correct horse" }, registration = new { applicationId = application } }, tenant: tenant)).Is(200);

        var answer = (await server.Post("/api/login", new { loginId = login, password = "correct horse", applicationId = application }, tenant: tenant)).Is(status);

        Assert.Equal(token, answer.Body["token"] is not null);
        Assert.Equal(token, answer.Body["refreshToken"] is not null);
    }
}
