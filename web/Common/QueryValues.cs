namespace OrleansAuth.Common;

/// <summary>Reads the query of a request.</summary>
internal static class QueryValues
{
    /// <summary>
    /// The value that was sent under this name, or null. The published TypeScript client writes an argument that its caller
    /// leaves out as <c>undefined</c> or <c>null</c>, so these mean that nothing was sent.
    /// </summary>
    public static string? Sent(this IQueryCollection query, string name) =>
        query[name].ToString() is var value && value is "" or "undefined" or "null" ? null : value;
}
