using System.Buffers.Binary;
using System.Text;

namespace OrleansAuth.WebAuthn;

/// <summary>Writes CBOR for tests: what it is told, in the order in which it is told, right or wrong.</summary>
internal static class CborWriter
{
    public static byte[] Number(long value) => value >= 0 ? Head(0, (ulong)value) : Head(1, (ulong)(-1 - value));

    public static byte[] Bytes(byte[] value) => [.. Head(2, (ulong)value.Length), .. value];

    public static byte[] Text(string value) => [.. Head(3, (ulong)Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];

    public static byte[] Array(params byte[][] items) => [.. Head(4, (ulong)items.Length), .. items.SelectMany(i => i)];

    public static byte[] Map(params (byte[] Key, byte[] Value)[] members) => [.. Head(5, (ulong)members.Length), .. members.SelectMany(m => (byte[])[.. m.Key, .. m.Value])];

    private static byte[] Head(int type, ulong value)
    {
        var first = (byte)(type << 5);
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return value switch
        {
            < 24 => [(byte)(first | (byte)value)],
            <= byte.MaxValue => [(byte)(first | 24), bytes[7]],
            <= ushort.MaxValue => [(byte)(first | 25), .. bytes[6..]],
            <= uint.MaxValue => [(byte)(first | 26), .. bytes[4..]],
            _ => [(byte)(first | 27), .. bytes],
        };
    }
}
