using System.Buffers.Binary;
using OrleansAuth.Storage;

// Started and killed by the crash tests: `path <folder>` or `connection <string>`, then the tenant. Writes numbered commits of
// four parts from several writers and prints each number once it is acknowledged.
var options = args[0] == "path" ? new StoreOptions { Path = args[1] } : new StoreOptions { ConnectionString = args[1] };
var tenant = Guid.Parse(args[2]);
await using var store = await StoreFactory.Open(options);
var next = 0L;
await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(Write)));

async Task Write()
{
    while (true)
    {
        var number = Interlocked.Increment(ref next);
        var commit = new Commit()
            .Put(new StateKey("crash", $"{number}"), 0, new byte[300], tenant)
            .Claim(new ClaimKey("crash", $"{number}"), "owner", tenant)
            .Upsert(Tables.LoginRecord, ("id", Id(number)), ("tenant_id", tenant), ("user_id", tenant), ("instant", number))
            .Upsert(Tables.Outbox, ("id", Id(number)), ("queue", "crash"), ("subject", ""), ("tenant_id", tenant),
                ("due", number), ("attempts", 0L), ("body", new byte[100]), ("insert_instant", number));
        if (await store.Apply(commit) is not CommitResult.Committed)
            throw new InvalidOperationException($"Commit {number} was refused.");
        Console.Out.WriteLine(number);
        Console.Out.Flush();
    }
}

static Guid Id(long number)
{
    Span<byte> bytes = stackalloc byte[16];
    BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
    return new Guid(bytes, bigEndian: true);
}
