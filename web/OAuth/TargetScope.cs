using System.Collections.Immutable;

namespace OrleansAuth.OAuth;

/// <summary>One target of a client credentials request, from <c>target-entity:{id}</c> or <c>target-entity:{id}:permission,permission</c>.</summary>
/// <param name="Permissions">Those asked for; null for all that were granted.</param>
internal sealed record TargetScope(Guid EntityId, ImmutableSortedSet<string>? Permissions)
{
    private const string Prefix = "target-entity:";

    /// <summary>In characters; longer scopes are refused.</summary>
    private const int LongestScope = 16_384;

    /// <summary>How many entities one token may be for.</summary>
    private const int MostTargets = 100;

    private static readonly ImmutableSortedSet<string> None = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>
    /// The targets of a scope (RFC 6749, section 3.3), in the order in which they are first named; what is asked for of one
    /// target at several places is asked for together. Empty for an empty scope, null for one that has anything else in it.
    /// </summary>
    public static IReadOnlyList<TargetScope>? Parse(string? scope)
    {
        if (string.IsNullOrWhiteSpace(scope)) return [];
        if (scope.Length > LongestScope) return null;
        var targets = new List<TargetScope>();
        foreach (var token in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseOne(token) is not { } asked) return null;
            var index = targets.FindIndex(t => t.EntityId == asked.EntityId);
            if (index < 0) targets.Add(asked);
            else targets[index] = asked with { Permissions = asked.Permissions is { } more ? targets[index].Permissions?.Union(more) : null };
        }

        return targets.Count <= MostTargets ? targets : null;
    }

    /// <summary>Names of permissions may have colons, so only the first one after the id separates.</summary>
    private static TargetScope? ParseOne(string token)
    {
        const int IdLength = 36;
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var rest = token.AsSpan(Prefix.Length);
        if (rest.Length < IdLength || !Guid.TryParseExact(rest[..IdLength], "D", out var id)) return null;
        if (rest.Length == IdLength) return new TargetScope(id, null);
        if (rest[IdLength] != ':') return null;
        var names = rest[(IdLength + 1)..].ToString().Split(',');
        return names.Any(name => name.Length == 0) ? null : new TargetScope(id, None.Union(names));
    }
}
