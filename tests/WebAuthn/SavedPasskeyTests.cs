using System.Text;
using OrleansAuth.Storage.WebAuthn;

namespace OrleansAuth.WebAuthn;

/// <summary>Yesterday's rows still read.</summary>
public sealed class SavedPasskeyTests
{
    private const string Saved = """{"tenantId":"33333333-3333-3333-3333-333333333333","passkeys":[{"id":"22222222-2222-2222-2222-222222222222","credentialId":"AQID","publicKey":"-----BEGIN PUBLIC KEY-----","algorithm":-7,"relyingPartyId":"login.example.com","displayName":"Phone","name":"ada","attestationType":"self","verifiesUser":true,"isDiscoverable":true,"backupEligible":true,"backedUp":false,"signCount":4294967295,"transports":["internal","hybrid"],"userAgent":"Browser","model":"44444444-4444-4444-4444-444444444444","insertInstant":1,"lastUseInstant":2,"data":{"a":[1,null]}}]}""";

    [Fact]
    public void Passkeys_read_and_write_the_same_bytes()
    {
        var row = StoredPasskeys.Read(Encoding.UTF8.GetBytes(Saved));
        var passkey = Assert.Single(row.Passkeys);
        Assert.Equal(("AQID", "self", true, true, 4_294_967_295L), (passkey.CredentialId, passkey.AttestationType, passkey.VerifiesUser, passkey.BackupEligible, passkey.SignCount));
        Assert.Equal(Saved, Encoding.UTF8.GetString(row.Write()));
    }

    [Fact]
    public void What_is_absent_is_not_known()
    {
        const string Least = """{"tenantId":"33333333-3333-3333-3333-333333333333","passkeys":[{"id":"22222222-2222-2222-2222-222222222222","credentialId":"AQID","publicKey":"","algorithm":-7,"relyingPartyId":"a.example","displayName":"","name":""}]}""";
        var passkey = Assert.Single(StoredPasskeys.Read(Encoding.UTF8.GetBytes(Least)).Passkeys);
        Assert.Null(passkey.BackupEligible);
        Assert.Equal((false, 0, "none", null), (passkey.VerifiesUser, passkey.SignCount, passkey.AttestationType, passkey.LastUseInstant));
        Assert.Empty(passkey.Transports);
    }
}
