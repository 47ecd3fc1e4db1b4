using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Files.Attachments;

/// <summary>A file that is sent in pieces. A row of <c>attachment_upload</c>; once all of it is there it becomes an attachment of the same id.</summary>
/// <param name="Id">Its id, and the attachment's.</param>
/// <param name="Owner">Whose it is: nobody else goes on with it.</param>
/// <param name="EntityType">The kind of entity that the file will belong to.</param>
/// <param name="EntityId">That entity.</param>
/// <param name="FileName">The name that it will have.</param>
/// <param name="SentAs">The name that it was sent with, where that is another.</param>
/// <param name="IsPublic">Whether everybody may read it.</param>
/// <param name="Length">How many bytes it will have.</param>
/// <param name="Received">How many are kept.</param>
/// <param name="ExpiresAt">When it is forgotten unless more comes, UTC.</param>
/// <param name="IsComplete">Whether it is an attachment by now.</param>
internal sealed record AttachmentUpload(
    Guid Id, string Owner, AttachmentOwner EntityType, Guid EntityId, string FileName, string? SentAs, bool IsPublic, long Length, long Received,
    DateTimeOffset ExpiresAt, bool IsComplete);

/// <summary>A piece that is kept.</summary>
/// <param name="From">Its first byte's place in the file.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="StoredName">Its name in the store.</param>
internal sealed record UploadPart(long From, long Length, string StoredName);

/// <summary>
/// The rows of uploads under way. What is kept of one moves on by a comparison in the database: of two that send the same piece, on
/// whatever hosts, one is told that it was too late, and no lock can be left behind.
/// </summary>
internal sealed class AttachmentUploads(NpgsqlDataSource source)
{
    private const string Select = """
        SELECT id, owner, entity_type, entity_id, file_name, sent_as, is_public, length, received, expires_at, completed_at IS NOT NULL FROM attachment_upload
        """;

    /// <summary>Makes one; false where its owner has <paramref name="most"/> under way, or it is there.</summary>
    public async Task<bool> MakeAsync(AttachmentUpload upload, DateTimeOffset now, int most, CancellationToken cancellation)
    {
        const string Insert = """
            INSERT INTO attachment_upload (id, owner, entity_type, entity_id, file_name, sent_as, is_public, length, created_at, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
            WHERE (SELECT count(*) FROM attachment_upload WHERE owner = $2 AND completed_at IS NULL AND expires_at > $9) < $11
            ON CONFLICT (id) DO NOTHING
            """;
        await using var command = source.CreateCommand(Insert);
        command.Parameters.Add(Sql.Uuid(upload.Id));
        command.Parameters.Add(Sql.Text(upload.Owner));
        command.Parameters.Add(Sql.Word<AttachmentOwner>(upload.EntityType));
        command.Parameters.Add(Sql.Uuid(upload.EntityId));
        command.Parameters.Add(Sql.Text(upload.FileName));
        command.Parameters.Add(Sql.Text(upload.SentAs));
        command.Parameters.Add(Sql.Bool(upload.IsPublic));
        command.Parameters.Add(Sql.Bigint(upload.Length));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(upload.ExpiresAt));
        command.Parameters.Add(Sql.Integer(most));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>One that is not over; null where there is none of that owner's.</summary>
    public async Task<AttachmentUpload?> FindAsync(Guid id, string owner, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"{Select} WHERE id = $1 AND owner = $2 AND expires_at > $3");
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Text(owner));
        command.Parameters.Add(Sql.Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(
                row.GetGuid(0), row.GetString(1), WireText.Parse<AttachmentOwner>(row.GetString(2)), row.GetGuid(3), row.GetString(4), row.Optional<string>(5),
                row.GetBoolean(6), row.GetInt64(7), row.GetInt64(8), row.GetFieldValue<DateTimeOffset>(9), row.GetBoolean(10))
            : null;
    }

    /// <summary>Notes a piece that is in the store; false where somebody else has gone on from there, or the upload is gone.</summary>
    public async Task<bool> TakeAsync(Guid id, UploadPart part, DateTimeOffset expiresAt)
    {
        const string Take = """
            WITH moved AS (
                UPDATE attachment_upload SET received = $2 + $3, expires_at = $5
                WHERE id = $1 AND received = $2 AND completed_at IS NULL AND $2 + $3 <= length
                RETURNING 1)
            INSERT INTO attachment_upload_part (upload_id, first, length, stored_name) SELECT $1, $2, $3, $4 FROM moved
            """;
        await using var command = source.CreateCommand(Take);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Bigint(part.From));
        command.Parameters.Add(Sql.Bigint(part.Length));
        command.Parameters.Add(Sql.Text(part.StoredName));
        command.Parameters.Add(Sql.Time(expiresAt));
        // Not the request's token: it was cancelled if its client went away, and what it sent is to be kept.
        return await command.ExecuteNonQueryAsync(CancellationToken.None) == 1;
    }

    /// <summary>The pieces in their order.</summary>
    public async Task<IReadOnlyList<UploadPart>> PartsAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT first, length, stored_name FROM attachment_upload_part WHERE upload_id = $1 ORDER BY first");
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var parts = new List<UploadPart>();
        while (await row.ReadAsync(cancellation))
        {
            parts.Add(new(row.GetInt64(0), row.GetInt64(1), row.GetString(2)));
        }

        return parts;
    }

    /// <summary>It is an attachment now; its pieces are nobody's. Their names.</summary>
    public Task<IReadOnlyList<string>> CompleteAsync(Guid id, DateTimeOffset now) => NamesAsync(
        """
        WITH done AS (UPDATE attachment_upload SET completed_at = coalesce(completed_at, $2) WHERE id = $1)
        DELETE FROM attachment_upload_part WHERE upload_id = $1 RETURNING stored_name
        """, id, Sql.Time(now));

    /// <summary>Forgets an upload that is not complete. The names of its pieces; null where there is none.</summary>
    public async Task<IReadOnlyList<string>?> RemoveAsync(Guid id, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Locked first: a piece that arrives at this moment is either among those below or refused.
        await using var find = new NpgsqlCommand("SELECT 1 FROM attachment_upload WHERE id = $1 AND completed_at IS NULL FOR UPDATE", connection, transaction);
        find.Parameters.Add(Sql.Uuid(id));
        if (await find.ExecuteScalarAsync(cancellation) is null)
        {
            return null;
        }

        await using var parts = new NpgsqlCommand("SELECT stored_name FROM attachment_upload_part WHERE upload_id = $1", connection, transaction);
        parts.Parameters.Add(Sql.Uuid(id));
        var names = await ReadAsync(parts, cancellation);
        await using var delete = new NpgsqlCommand("DELETE FROM attachment_upload WHERE id = $1", connection, transaction);
        delete.Parameters.Add(Sql.Uuid(id));
        await delete.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return names;
    }

    /// <summary>Uploads that nothing came for in time, and complete ones whose time is over.</summary>
    public async Task<IReadOnlyList<Guid>> ExpiredAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT id FROM attachment_upload WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1000");
        command.Parameters.Add(Sql.Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<Guid>();
        while (await row.ReadAsync(cancellation))
        {
            ids.Add(row.GetGuid(0));
        }

        return ids;
    }

    /// <summary>Forgets an upload whose time is over. The names of its pieces.</summary>
    public Task<IReadOnlyList<string>> ExpireAsync(Guid id, DateTimeOffset now) => NamesAsync(
        """
        WITH gone AS (DELETE FROM attachment_upload WHERE id = $1 AND expires_at <= $2 RETURNING id)
        SELECT part.stored_name FROM attachment_upload_part part JOIN gone ON gone.id = part.upload_id
        """, id, Sql.Time(now));

    /// <summary>Those of the names that nothing in the database knows.</summary>
    public Task<IReadOnlyList<string>> UnknownAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        // What was erased since the store was listed is no stray: its record says why it went.
        const string Unknown = """
            SELECT name FROM unnest($1) name
            WHERE NOT EXISTS (SELECT FROM attachment WHERE stored_name = name)
                AND NOT EXISTS (SELECT FROM attachment WHERE thumbnail_name = name)
                AND NOT EXISTS (SELECT FROM attachment_upload_part WHERE stored_name = name)
                AND NOT EXISTS (SELECT FROM due_command WHERE kind = 'attachment.erase' AND state = 'pending' AND command -> 'names' ? name)
                AND NOT EXISTS (
                    SELECT FROM due_command
                    WHERE kind = 'attachment.erase' AND state = 'done' AND ended_at >= now() - interval '1 hour' AND command -> 'names' ? name)
            """;
        var command = source.CreateCommand(Unknown);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, names.ToArray()));
        return ReadAsync(command, cancellation);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string sql, Guid id, NpgsqlParameter time)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(time);
        return await ReadAsync(command, CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }
}
