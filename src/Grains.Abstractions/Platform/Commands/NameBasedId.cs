using System.Security.Cryptography;
using System.Text;

namespace ChargeCars;

/// <summary>Ids that follow from what they stand for, so that the same thing told twice has the same id.</summary>
public static class NameBasedId
{
    /// <summary>The uuid of a name: version 8 (RFC 9562), 122 bits of SHA-256.</summary>
    public static Guid Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
