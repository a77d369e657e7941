using System.Reflection;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Lifetimes and shapes of the identifiers that the server hands out.</summary>
internal static class TenantIdentifierRules
{
    /// <summary>An authorization code may live ten minutes at most (RFC 6749, section 4.1.2).</summary>
    private const int LongestAuthorizationCode = 600;

    private static readonly PropertyInfo[] Lifetimes =
        [.. typeof(ExternalIdentifierConfiguration).GetProperties().Where(p => p.Name.EndsWith("TimeToLiveInSeconds", StringComparison.Ordinal))];

    private static readonly PropertyInfo[] Generators =
        [.. typeof(ExternalIdentifierConfiguration).GetProperties().Where(p => p.PropertyType == typeof(SecureGeneratorConfiguration))];

    public static void Check(ExternalIdentifierConfiguration next, Errors errors)
    {
        foreach (var lifetime in Lifetimes)
        {
            var longest = lifetime.Name == nameof(next.AuthorizationGrantIdTimeToLiveInSeconds) ? LongestAuthorizationCode : int.MaxValue;
            errors.InRange((int)lifetime.GetValue(next)!, Field(lifetime), 1, longest);
        }

        foreach (var property in Generators)
        {
            var generator = (SecureGeneratorConfiguration)property.GetValue(next)!;
            errors.InRange(generator.Length, $"{Field(property)}.length", Shortest(property.Name, generator.Type), 128);
        }
    }

    /// <summary>
    /// A code is typed beside something else, and wrong ones are counted. An id is found by itself, whoever brings it: one of a
    /// few digits would be some user's at every hundredth guess, so it has 40 random bits at least.
    /// </summary>
    private static int Shortest(string generator, SecureGeneratorType type) => (IsCode(generator), type) switch
    {
        (_, SecureGeneratorType.RandomBytes) => 16,
        (true, _) => 4,
        (_, SecureGeneratorType.RandomDigits) => 13,
        (_, SecureGeneratorType.RandomAlpha) => 9,
        _ => 8,
    };

    private static bool IsCode(string generator) =>
        generator.Contains("OneTimeCode", StringComparison.Ordinal) || generator == nameof(ExternalIdentifierConfiguration.DeviceUserCodeIdGenerator);

    private static string Field(PropertyInfo property) => $"externalIdentifierConfiguration.{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}";
}
