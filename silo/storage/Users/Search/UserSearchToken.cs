using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>
/// The paging token of a search: the search and where its next page begins, encrypted and authenticated with the master key, so that
/// it works on every server and nobody can make or change one.
/// </summary>
public sealed class UserSearchToken(SecretBox secrets)
{
    private const string Place = "user-search/next";
    private const int MaximumLength = 65_536;

    public string Write(UserSearchRequest request, UserSearchPosition position) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(secrets.Seal(Encoding.UTF8.GetString(ContractJson.Write(new Content(request, position))), Place)));

    /// <summary>What a token says, or null for everything that this server did not write.</summary>
    public (UserSearchRequest Request, UserSearchPosition Position)? Read(string token)
    {
        try
        {
            if (token.Length > MaximumLength) return null;
            var content = JsonSerializer.Deserialize<Content>(secrets.Open(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)), Place), ContractJson.Options)!;
            return (content.Request, content.Position);
        }
        catch (Exception error) when (error is FormatException or StoreUnavailableException or JsonException)
        {
            return null;
        }
    }

    private sealed record Content(UserSearchRequest Request, UserSearchPosition Position);
}
