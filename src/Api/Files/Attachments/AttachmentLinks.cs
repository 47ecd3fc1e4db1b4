using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>
/// Addresses by which one file is read without credentials, until a time. What they carry is sealed by the key ring that all hosts
/// share: nobody can make one, lengthen one, or turn it to another file. It ends with the file.
/// </summary>
internal sealed class AttachmentLinks(IDataProtectionProvider provider, GroupCommit commits, IOptions<AttachmentOptions> options, TimeProvider time)
{
    /// <summary>The query parameter that carries one.</summary>
    public const string Parameter = "link";

    private const int LongestText = 500;
    private readonly IDataProtector _protector = provider.CreateProtector("ChargeCars.attachment-link.v1");

    /// <summary>A link to a file, or why there is none.</summary>
    public Result<AttachmentLink> Make(Attachment file, DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow();
        if (expiresAt <= now || expiresAt > now + options.Value.LongestLink)
        {
            return Invalid.Field("expiresAt", string.Create(CultureInfo.InvariantCulture, $"must be in the future, at most {options.Value.LongestLink.TotalDays:0.##} days"));
        }

        var content = new byte[24];
        file.Id.TryWriteBytes(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), expiresAt.ToUnixTimeMilliseconds());
        return new AttachmentLink($"{file.FileUrl}?{Parameter}={Base64Url.EncodeToString(_protector.Protect(content))}", expiresAt);
    }

    /// <summary>Whether a text is a link to this file whose time is not over.</summary>
    public bool Opens(Guid file, string text)
    {
        if (text.Length is 0 or > LongestText)
        {
            return false;
        }

        try
        {
            var content = _protector.Unprotect(Base64Url.DecodeFromChars(text));
            return content.Length == 24 && new Guid(content.AsSpan(0, 16)) == file
                && BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(16)) > time.GetUtcNow().ToUnixTimeMilliseconds();
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Puts on record that somebody made a link: who reads by it can't be known.</summary>
    public async Task RecordAsync(Guid file, DateTimeOffset expiresAt, CommandContext context)
    {
        var summary = string.Create(CultureInfo.InvariantCulture, $"Made a link that reads this file until {expiresAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        var audit = new AuditEntry(AttachmentKind.Rows.Table, file, "UPDATE", null, null, summary, AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        await commits.CommitAsync(new StatementCommit<bool>(
            file, context.CommandId, audit.Alone(context), static async (row, cancellation) => await row.ReadAsync(cancellation)));
    }
}

/// <summary>A link.</summary>
/// <param name="Url">The address.</param>
/// <param name="ExpiresAt">Until when it holds, UTC.</param>
public sealed record AttachmentLink(string Url, DateTimeOffset ExpiresAt);
