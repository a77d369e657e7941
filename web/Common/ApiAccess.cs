namespace OrleansAuth.Common;

/// <summary>Who may call an endpoint of the API. An endpoint without this is open to everybody by mistake, so a test forbids it.</summary>
public enum ApiAccess
{
    /// <summary>An API key with the permission.</summary>
    Key,

    /// <summary>An API key with the permission, or a user's access token. If both are sent, the key counts.</summary>
    KeyOrToken,

    /// <summary>A user's access token.</summary>
    Token,

    /// <summary>Anybody; a valid API key, if sent, may show more.</summary>
    Anyone,
}

internal static class ApiAccessExtensions
{
    /// <summary>Declares who may call these endpoints.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder builder, ApiAccess access) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ApiAccessMetadata(access));
}

internal sealed record ApiAccessMetadata(ApiAccess Access);
