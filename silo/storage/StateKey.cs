namespace OrleansAuth.Storage;

/// <summary>Names one state row: the kind of thing and its id within that kind.</summary>
/// <param name="Kind">Such as <c>user</c> or <c>session</c>; at most 64 characters.</param>
/// <param name="Id">Unique within the kind; at most 191 characters.</param>
public readonly record struct StateKey(string Kind, string Id)
{
    /// <summary>A key that breaks the limits names nothing: reads answer null, writes throw.</summary>
    internal bool IsStorable => Kind is not null && Id is not null && StorableText.Fits(Kind, 64) && StorableText.Fits(Id, 191);

    internal void Require()
    {
        if (!IsStorable)
            throw new ArgumentException($"The key of a '{Kind}' state is too long or holds characters that cannot be stored.");
    }

    public override string ToString() => $"{Kind}/{Id}";
}

/// <summary>A stored state: the JSON text as UTF-8, and the version that the next write must name.</summary>
/// <param name="Version">1 after the first write, one more with every write.</param>
public sealed record StoredState(long Version, ReadOnlyMemory<byte> Body);

/// <summary>A unique name within a scope, such as a login within a tenant. A unique constraint enforces it.</summary>
/// <param name="Scope">Such as <c>login/{tenant}</c>; at most 128 characters.</param>
/// <param name="Name">Already normalised (case, Unicode form); at most 512 characters.</param>
public readonly record struct ClaimKey(string Scope, string Name)
{
    /// <summary>A claim that breaks the limits names nothing: reads answer null, writes throw.</summary>
    internal bool IsStorable => Scope is not null && Name is not null && StorableText.Fits(Scope, 128) && StorableText.Fits(Name, 512);

    internal void Require()
    {
        if (!IsStorable)
            throw new ArgumentException($"A name in scope '{Scope}' is too long or holds characters that cannot be stored.");
    }

    public override string ToString() => $"{Scope}/{Name}";
}
