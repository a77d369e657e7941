namespace Sample;

/// <summary>What the identity server handed out for one signed-in user.</summary>
/// <param name="AccessToken">Opens APIs, here the server's userinfo. Not ours to read: only whoever it is for looks inside.</param>
/// <param name="Expires">When the access token ends.</param>
/// <param name="RefreshToken">Gets the next tokens, once; null where the server gave none.</param>
/// <param name="IdToken">Who signed in, when and how; kept as the hint for signing out.</param>
/// <param name="Claims">What the ID token says, after it was validated.</param>
public sealed record Tokens(string AccessToken, DateTimeOffset Expires, string? RefreshToken, string IdToken, IReadOnlyDictionary<string, object> Claims)
{
    /// <summary>The user's id at the server: the one claim that identifies a user and never changes.</summary>
    public string Subject => (string)Claims["sub"];
}

/// <summary>What has to be remembered between sending a browser to the server and its return.</summary>
public sealed record PendingSignIn(string State, string Nonce, string Verifier, string RedirectUri);

/// <summary>The sign-in cannot go on; the message is for the person who tried.</summary>
public sealed class SignInException(string message, Exception? cause = null) : Exception(message, cause);
