using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Identifiers;

/// <summary>An identifier as it is stored, under its hash. Instants are milliseconds since 1970.</summary>
public sealed record StoredIdentifier : StoredRecord
{
    public required Guid TenantId { get; init; }

    public required long IssuedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>What it stands for; the shape is known to who issued it.</summary>
    public required JsonElement Content { get; init; }

    /// <summary>When it was used up; null while it is good. A spent one is kept only to recognise a second use.</summary>
    public long? SpentAt { get; init; }

    /// <summary>What the spender wants to know at a second use.</summary>
    public JsonElement? Note { get; init; }

    /// <summary>There was a second use.</summary>
    public bool Replayed { get; init; }

    /// <param name="id">Kind and hash, as in the grain's key.</param>
    public static StateKey Key(string id) => new("identifier", id);

    public byte[] Write() => ContractJson.Write(this);

    public static StoredIdentifier Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredIdentifier>(body.Span);
}
