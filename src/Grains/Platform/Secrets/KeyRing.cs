using System.Security.Cryptography;
using System.Xml.Linq;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Npgsql;

namespace ChargeCars.Platform.Secrets;

/// <summary>Data Protection's key ring as rows of <c>data_protection_key</c>, shared by all hosts. Its interface knows no waiting.</summary>
internal sealed class KeyRingTable(NpgsqlDataSource source, TimeProvider time) : IXmlRepository
{
    private const string SelectSql = "SELECT xml FROM data_protection_key ORDER BY created_at, id";
    private const string InsertSql = "INSERT INTO data_protection_key (id, friendly_name, xml, created_at) VALUES ($1, $2, $3, $4)";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = source.CreateCommand(SelectSql);
        using var row = command.ExecuteReader();
        var elements = new List<XElement>();
        while (row.Read())
        {
            elements.Add(XElement.Parse(row.GetString(0)));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new NpgsqlBatchCommand(InsertSql)
        {
            Parameters = { Sql.Uuid(id), Sql.Text(friendlyName), Sql.Text(element.ToString(SaveOptions.DisableFormatting)), Sql.Time(now) },
        };
        var context = new CommandContext(Guid.CreateVersion7(now), Actor.System);
        var audit = new AuditEntry("data_protection_key", id, "CREATE", null, RowJson.ForRow(new { id, friendlyName, xml = AuditEntry.Redacted, createdAt = now }).Text,
            "A key to encrypt secrets", AuditEntry.ContextOf(context, version: 1), now);
        using var batch = source.CreateBatch();
        batch.BatchCommands.Add(audit.Around(row, context));
        batch.ExecuteNonQuery();
    }
}

/// <summary>Encrypts the ring's keys by the master key: AES-256-GCM.</summary>
internal sealed class KeyRingEncryptor(MasterKey master) : IXmlEncryptor
{
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;
    internal static readonly byte[] Purpose = "ChargeCars key ring 1"u8.ToArray();

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedKey = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedKey.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(master.Current, TagBytes);
        cipher.Encrypt(nonce, plain, sealedKey.AsSpan(NonceBytes + TagBytes), sealedKey.AsSpan(NonceBytes, TagBytes), Purpose);
        CryptographicOperations.ZeroMemory(plain);
        return new(new XElement("masterKeyEncrypted", Convert.ToBase64String(sealedKey)), typeof(KeyRingDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyRingEncryptor"/> made; Data Protection makes it by its name, with the host's services.</summary>
internal sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly MasterKey _master = (MasterKey)services.GetService(typeof(MasterKey))!;

    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedKey = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedKey.Length - KeyRingEncryptor.NonceBytes - KeyRingEncryptor.TagBytes];
        foreach (var key in _master.All)
        {
            try
            {
                using var cipher = new AesGcm(key, KeyRingEncryptor.TagBytes);
                cipher.Decrypt(
                    sealedKey.AsSpan(0, KeyRingEncryptor.NonceBytes), sealedKey.AsSpan(KeyRingEncryptor.NonceBytes + KeyRingEncryptor.TagBytes),
                    sealedKey.AsSpan(KeyRingEncryptor.NonceBytes, KeyRingEncryptor.TagBytes), plain, KeyRingEncryptor.Purpose);
                return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
            }
            catch (AuthenticationTagMismatchException)
            {
                // Another one's.
            }
        }

        throw new CryptographicException($"The key ring was encrypted by another master key than that of {_master.Origin}.");
    }
}
