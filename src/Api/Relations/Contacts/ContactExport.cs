using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Platform.Reading;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Contacts;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Relations.Contacts;

/// <summary>
/// All that we have of a person as a zip: <c>contact.json</c>, the mails as they were received, and the files. Without what is said among
/// ourselves, drafts, and what the program keeps for itself.
/// </summary>
internal sealed class ContactExport(NpgsqlDataSource source, ContactTraces traces, IFileStore files, GroupCommit commits, TimeProvider time)
{
    private const string OfPerson =
        "m.thread_id = ANY ($2) OR (m.direction = 'inbound' AND (m.sender_contact_id = $1 OR m.sender_email = ANY ($3) OR m.counterpart_key = ANY ($3)))";

    private const string OfCalls = "c.phone_number_id IN (SELECT n.id FROM phone_number n WHERE n.contact_id = $1) OR c.caller_number = ANY ($3)";

    private const string Told = "m.nature NOT IN ('note', 'moved') AND m.status IS DISTINCT FROM 'draft'";

    private static readonly (string Name, string Sql)[] Parts =
    [
        // Each is given the same three, and has to name them.
        ("phoneNumbers", """
            SELECT to_jsonb(n) - 'version' FROM phone_number n
            WHERE n.contact_id = $1 AND $2::uuid[] IS NOT NULL AND $3::text[] IS NOT NULL ORDER BY n.created_at
            """),
        ("addresses", """
            SELECT to_jsonb(a) - 'version' FROM address a
            WHERE a.entity_type = 'contact' AND a.entity_id = $1 AND $2::uuid[] IS NOT NULL AND $3::text[] IS NOT NULL
            """),
        ("threads", """
            SELECT jsonb_build_object('id', t.id, 'channel', t.channel, 'subject', t.subject, 'status', t.status,
                'entityType', t.entity_type, 'entityId', t.entity_id, 'createdAt', t.created_at, 'messageCount', t.message_count)
            FROM communication_thread t WHERE t.id = ANY ($2) AND $1::uuid IS NOT NULL AND $3::text[] IS NOT NULL ORDER BY t.created_at
            """),
        ("messages", $"""
            SELECT jsonb_build_object('id', m.id, 'threadId', m.thread_id, 'direction', m.direction,  'status', m.status,
                'senderEmail', m.sender_email, 'senderName', m.sender_name, 'recipients', m.recipient_emails, 'copies', m.cc_emails,
                'subject', m.subject, 'text', m.body_text, 'html', m.body_html, 'attachments', m.attachments,
                'counterpart', m.counterpart_key, 'sentAt', m.sent_at, 'createdAt', m.created_at)
            FROM communication_message m WHERE ({OfPerson}) AND {Told} ORDER BY m.created_at, m.id
            """),
        ("calls", $"""
            SELECT jsonb_build_object('id', c.id, 'direction', c.direction, 'status', c.status, 'number', coalesce(c.caller_number, c.raw_digits),
                'startedAt', c.started_at, 'answeredAt', c.answered_at, 'endedAt', c.ended_at, 'duration', c.duration,
                'comments', c.comments, 'tags', c.tags, 'hasRecording', c.recording_url IS NOT NULL,
                'hasVoicemail', c.voicemail_url IS NOT NULL,
                'texts', (SELECT jsonb_object_agg(s.kind, s.content) FROM call_text s WHERE s.call_row = c.id))
            FROM call c WHERE ({OfCalls}) AND $2::uuid[] IS NOT NULL ORDER BY c.created_at
            """),
    ];

    private const string SelectMails = $"""
        SELECT m.id, i.body FROM communication_message m JOIN inbound_message i ON i.id = m.raw_id AND i.provider IS NULL AND i.channel = 'email'
        WHERE ({OfPerson}) AND {Told} ORDER BY m.created_at, m.id
        """;

    private const string SelectFiles = $"""
        SELECT a.id, a.file_name, a.stored_name, a.file_size FROM attachment a
        WHERE (a.entity_type = 'contact' AND a.entity_id = $1) OR (a.entity_type = 'communication_thread' AND a.entity_id = ANY ($2))
            OR (a.entity_type = 'communication_message' AND a.entity_id IN (SELECT m.id FROM communication_message m WHERE ({OfPerson}) AND {Told}))
            OR (a.entity_type = 'call' AND a.entity_id IN (SELECT c.id FROM call c WHERE {OfCalls}))
        ORDER BY a.created_at, a.id
        """;

    /// <summary>Puts on record that somebody asked for it.</summary>
    public Task RecordAsync(Guid contact, CommandContext context)
    {
        var audit = new AuditEntry(ContactKind.Rows.Table, contact, "UPDATE", null, null, "Exported all that there is of this person",
            AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        return commits.CommitAsync(new StatementCommit<bool>(
            contact, context.CommandId, audit.Alone(context), static async (row, cancellation) => await row.ReadAsync(cancellation)));
    }

    /// <summary>The zip, from its beginning; it is gone when it is closed.</summary>
    public async Task<Stream> MakeAsync(Contact contact, CancellationToken cancellation)
    {
        var own = await traces.OwnAsync(contact.Id, await traces.AddressesAsync(contact.Id, cancellation), cancellation);
        var threads = (await traces.ThreadsAsync(contact.Id, own, cancellation)).ToArray();
        // Beside memory: a person may have gigabytes of photos.
        var zip = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 81_920,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            {
                await using (var json = archive.CreateEntry("contact.json").Open())
                {
                    await WriteJsonAsync(json, contact, threads, own, cancellation);
                }

                await WriteMailsAsync(archive, contact.Id, threads, own, cancellation);
                await WriteFilesAsync(archive, contact.Id, threads, own, cancellation);
            }

            zip.Position = 0;
            return zip;
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    private async Task WriteJsonAsync(Stream to, Contact contact, Guid[] threads, string[] own, CancellationToken cancellation)
    {
        await using var text = new StreamWriter(to, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync($$"""{"contact":{{JsonSerializer.Serialize(contact, RowJson.Client)}}""");
        foreach (var (name, sql) in Parts)
        {
            await text.WriteAsync($",\n\"{name}\":[");
            await using var command = Command(sql, contact.Id, threads, own);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            for (var isFirst = true; await row.ReadAsync(cancellation); isFirst = false)
            {
                await text.WriteAsync(isFirst ? "\n" : ",\n");
                await text.WriteAsync(row.GetString(0).AsMemory(), cancellation);
            }

            await text.WriteAsync("]");
        }

        await text.WriteAsync("}\n");
    }

    private async Task WriteMailsAsync(ZipArchive archive, Guid contact, Guid[] threads, string[] own, CancellationToken cancellation)
    {
        await using var command = Command(SelectMails, contact, threads, own);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            await using var entry = archive.CreateEntry($"mails/{row.GetGuid(0)}.eml").Open();
            await entry.WriteAsync(row.GetFieldValue<byte[]>(1), cancellation);
        }
    }

    private async Task WriteFilesAsync(ZipArchive archive, Guid contact, Guid[] threads, string[] own, CancellationToken cancellation)
    {
        var named = new List<(Guid Id, string Name, string Stored, int Size)>();
        await using (var command = Command(SelectFiles, contact, threads, own))
        {
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                named.Add((row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3)));
            }
        }

        foreach (var (id, name, stored, size) in named)
        {
            await using var content = size == 0 ? Stream.Null : await files.OpenAsync(stored, 0, size, cancellation);
            if (content is not null)
            {
                await using var entry = archive.CreateEntry($"files/{id}-{FileNames.Clean(name, "", 1)}").Open();
                await content.CopyToAsync(entry, cancellation);
            }
        }
    }

    private NpgsqlCommand Command(string sql, Guid contact, Guid[] threads, string[] own)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.Add(Sql.Uuid(contact));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, threads));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, own));
        return command;
    }
}
