using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Mfa;

/// <summary>Factors that come from elsewhere, and yesterday's rows.</summary>
public sealed class ImportedFactorTests
{
    private const string Saved = """
        {"methods":[{"id":"A1","method":"authenticator","name":"Phone","secret":"enc:v1:x","algorithm":"HmacSHA256","codeLength":8,"timeStep":60,"lastCounter":7,"insertInstant":5},
        {"id":"E1","method":"email","email":"a@example.com","insertInstant":6},{"id":"Y1","method":"yubikey","publicId":"cccccccccccc"}],
        "recoveryCodes":["hash"],"sent":[{"for":"remove/E1","methodId":"E1","salt":"AQ==","hash":"Ag==","expiresAt":9}],"lastUsed":"E1","generation":3}
        """;

    [Fact]
    public async Task Methods_and_recovery_codes_may_be_imported_and_are_stored_as_secrets()
    {
        await using var world = await MfaWorld.New();
        var email = $"{Guid.NewGuid():N}@example.com";
        var id = Guid.NewGuid();
        var secret = Convert.ToBase64String(world.Secret);
        (await world.Server.Post("/api/user/import", new
        {
            users = new[]
            {
                new
                {
                    id, email, password = MfaWorld.Password, active = true, verified = true,
                    registrations = new[] { new { applicationId = world.Application } },
                    twoFactor = new { methods = new object[] { new { method = "authenticator", secret, authenticator = new { algorithm = "HmacSHA1", codeLength = 6, timeStep = 30 } }, new { method = "email", email = "second@example.com", id = "MAIL" } }, recoveryCodes = new[] { "AAAA-BBBB-1" } },
                },
            },
        }, tenant: world.Tenant)).Is(200);
        var row = Encoding.UTF8.GetString((await world.Server.Services.GetRequiredService<IStore>().Read(UserKeys.State(id)))!.Body.Span);
        Assert.DoesNotContain(secret, row, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA-BBBB-1", row, StringComparison.Ordinal);
        Assert.Equal(2, (await world.Methods(id)).Count);
        (await world.Prove(await world.Begin(email: email), world.Code())).Is(200);
        (await world.Prove(await world.Begin(email: email), "aaaabbbb1")).Is(200);
        (await world.Prove(await world.Begin(email: email), "aaaabbbb1")).Is(421);
    }

    [Fact]
    public void Factors_that_an_earlier_version_stored_still_read_and_are_written_as_they_were()
    {
        var factors = ContractJson.Read<StoredFactors>(Encoding.UTF8.GetBytes(Saved));
        Assert.Equal(["authenticator", "email", "yubikey"], factors.Methods.Select(m => m.Method));
        Assert.Equal((Tenants.TotpAlgorithm.HmacSHA256, 8, 60, 7L), (factors.Methods[0].Algorithm, factors.Methods[0].CodeLength, factors.Methods[0].TimeStep, factors.Methods[0].LastCounter!.Value));
        Assert.Equal(("E1", 3, 9L), (factors.LastUsed, factors.Generation, factors.Sent[0].ExpiresAt));
        Assert.Equal(ContractJson.Write(factors), ContractJson.Write(ContractJson.Read<StoredFactors>(ContractJson.Write(factors))));
        var empty = ContractJson.Read<StoredFactors>("{}"u8);
        Assert.True(empty is { Any: false, Generation: 0 } && empty.Sent.IsEmpty && empty.RecoveryCodes.IsEmpty);
    }

    [Fact]
    public void What_waits_for_a_factor_still_reads()
    {
        var challenge = StoredChallenge.Read(new JsonText("""{"userId":"22222222-2222-2222-2222-222222222222","generation":2,"authenticationType":"PASSWORD","browser":{"remember":true,"userAgent":"x"},"session":{"sessionId":"33333333-3333-3333-3333-333333333333","opened":1,"signedIn":2},"setsUp":true,"trustChallenge":"t","state":{"a":1}}"""u8.ToArray()));
        Assert.True(challenge is { Generation: 2, SetsUp: true, OnlyTrust: false, Browser.Remember: true, Session.SignedIn: 2, TrustChallenge: "t" });
        var trust = StoredTrust.Read(new JsonText("""{"userId":"22222222-2222-2222-2222-222222222222","generation":1,"factorGeneration":4,"applications":[{"since":1,"until":2}]}"""u8.ToArray()));
        Assert.Equal((4, 2L), (trust.FactorGeneration, trust.Applications[0].Until));
        Assert.Null(StoredTrustToken.Read(new JsonText("""{"userId":"22222222-2222-2222-2222-222222222222","generation":1}"""u8.ToArray())).TrustChallenge);
    }

    [Fact]
    public void A_user_without_factors_is_written_as_before()
    {
        var user = StoredUser.Read("""{"user":{"id":"22222222-2222-2222-2222-222222222222","tenantId":"33333333-3333-3333-3333-333333333333"}}"""u8.ToArray());
        Assert.Null(user.Factors);
        Assert.DoesNotContain("factors", Encoding.UTF8.GetString(user.Write()), StringComparison.Ordinal);
    }
}
