using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Secrets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// Addresses by which one file is read without credentials, until a time. They are signed by a key that follows from the master key, so
/// that every host knows them: nobody can make one, lengthen one, or turn it to another file. It ends with the file.
/// </summary>
internal sealed class AttachmentLinks(MasterKey master, GroupCommit commits, IOptions<AttachmentOptions> options, TimeProvider time)
{
    /// <summary>The query parameter that carries one.</summary>
    public const string Parameter = "link";

    private const int TimeLength = sizeof(long);
    private const int Length = TimeLength + HMACSHA256.HashSizeInBytes;
    private readonly byte[] _key = Convert.FromHexString(master.Derive("links to files"));

    /// <summary>A link to a file, or why there is none.</summary>
    public Result<AttachmentLink> Make(Attachment file, DateTimeOffset? until)
    {
        var now = time.GetUtcNow();
        if (until is not { } expiresAt)
        {
            return Invalid.Field("expiresAt", $"is required: {WireTime.Expected}");
        }

        if (expiresAt <= now || expiresAt > now + options.Value.LongestLink)
        {
            return Invalid.Field("expiresAt", string.Create(CultureInfo.InvariantCulture, $"must be in the future, at most {options.Value.LongestLink.TotalDays:0.##} days"));
        }

        return new AttachmentLink($"{file.FileUrl}?{Parameter}={Base64Url.EncodeToString(Signed(file.Id, expiresAt.ToUnixTimeMilliseconds()))}", expiresAt);
    }

    /// <summary>Whether a text is a link to this file whose time is not over.</summary>
    public bool Opens(Guid file, string text)
    {
        var content = new byte[Length];
        return text.Length == Base64Url.GetEncodedLength(Length) && Base64Url.DecodeFromChars(text, content, out _, out var written) == OperationStatus.Done && written == Length
            && BinaryPrimitives.ReadInt64BigEndian(content) is var until
            && CryptographicOperations.FixedTimeEquals(content, Signed(file, until))
            && until > time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Puts on record that somebody made a link: who reads by it can't be known.</summary>
    public async Task RecordAsync(Guid file, DateTimeOffset expiresAt, CommandContext context)
    {
        var summary = string.Create(CultureInfo.InvariantCulture, $"Made a link that reads this file until {expiresAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        var audit = new AuditEntry(AttachmentKind.Rows.Table, file, "UPDATE", null, null, summary, AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        try
        {
            await commits.CommitAsync(new StatementCommit<bool>(
                file, context.CommandId, audit.Alone(context), static async (row, cancellation) => await row.ReadAsync(cancellation)));
        }
        catch (PostgresException again) when (context.MayRepeat && again.ConstraintName == "audit_log_pkey")
        {
            // The request was sent again: it is on record.
        }
    }

    // The time that it ends, and what signs that time for that file.
    private byte[] Signed(Guid file, long until)
    {
        var (signed, content) = (new byte[16 + TimeLength], new byte[Length]);
        file.TryWriteBytes(signed);
        BinaryPrimitives.WriteInt64BigEndian(signed.AsSpan(16), until);
        BinaryPrimitives.WriteInt64BigEndian(content, until);
        HMACSHA256.HashData(_key, signed, content.AsSpan(TimeLength));
        return content;
    }
}

/// <summary>A link.</summary>
/// <param name="Url">The address: a whole one where the host knows its public address, else its path on this host.</param>
/// <param name="ExpiresAt">Until when it holds, UTC.</param>
public sealed record AttachmentLink(string Url, DateTimeOffset ExpiresAt);
