using System.Buffers.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// Passkeys that nobody has, for names that nobody has and for users who have none: asking for a name says nothing about it.
/// They follow from the name, so asking again shows the same ones.
/// </summary>
internal sealed class PasskeyDecoys(SecretBox secrets)
{
    /// <summary>What ids of common authenticators are long, in bytes.</summary>
    private static readonly int[] Lengths = [16, 20, 20, 32, 32, 32, 48, 64];

    private static readonly string[][] Transports = [["internal", "hybrid"], ["internal", "hybrid"], ["internal"], ["usb"]];

    /// <param name="name">Normalised.</param>
    public JsonArray For(Guid tenantId, string name)
    {
        var place = $"passkey-decoys/{tenantId:N}";
        var count = secrets.Mark(name, place)[0] switch { < 200 => 1, < 245 => 2, _ => 3 };
        return new JsonArray([.. Enumerable.Range(0, count).Select(i => One($"{i}/{name}", place))]);
    }

    private JsonNode One(string name, string place)
    {
        byte[] random = [.. secrets.Mark($"a/{name}", place), .. secrets.Mark($"b/{name}", place), .. secrets.Mark($"c/{name}", place)];
        var id = random.AsSpan(2, Lengths[random[0] % Lengths.Length]);
        return PasskeyOptions.Descriptor(Base64Url.EncodeToString(id), Transports[random[1] % Transports.Length]);
    }
}
