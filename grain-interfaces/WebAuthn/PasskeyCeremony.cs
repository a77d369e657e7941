using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.WebAuthn;

/// <summary>What a ceremony has to be like; both kinds share these steps.</summary>
/// <param name="Challenge">base64url, as it was handed out. That it was not answered before is seen to already.</param>
/// <param name="Party">Whose ceremony it is.</param>
/// <param name="RequiresVerification">The authenticator has to recognise its owner.</param>
[GenerateSerializer, Immutable, Alias("webauthn.ceremony.v1")]
public sealed record PasskeyCeremony(string Challenge, RelyingParty Party, bool RequiresVerification)
{
    internal PasskeyFault? CheckClient(ReadOnlyMemory<byte> clientData, string type)
    {
        if (ClientData.Read(clientData) is not { } client) return PasskeyFault.ClientData;
        if (client.Type != type) return PasskeyFault.Type;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(client.Challenge), Encoding.UTF8.GetBytes(Challenge))) return PasskeyFault.Challenge;
        if (!Party.Accepts(client.Origin)) return PasskeyFault.Origin;
        return client.IsFramed ? PasskeyFault.CrossOrigin : null;
    }

    internal PasskeyFault? CheckAuthenticator(AuthenticatorData data)
    {
        if (!data.RelyingPartyHash.Span.SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(Party.Id)))) return PasskeyFault.RelyingParty;
        if (!data.UserPresent) return PasskeyFault.UserPresence;
        if (RequiresVerification && !data.UserVerified) return PasskeyFault.UserVerification;
        return data is { BackedUp: true, BackupEligible: false } ? PasskeyFault.Backup : null;
    }

    /// <summary>What authenticators sign: their data, followed by the hash of the client's.</summary>
    internal static byte[] Signed(ReadOnlyMemory<byte> authenticatorData, ReadOnlyMemory<byte> clientData) =>
        [.. authenticatorData.Span, .. SHA256.HashData(clientData.Span)];
}
