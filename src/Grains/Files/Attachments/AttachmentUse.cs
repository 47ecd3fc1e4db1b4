using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Files.Attachments;

/// <summary>Whether something names a file that no foreign key knows of: the checklist of a visit is one document.</summary>
internal sealed class AttachmentUse(NpgsqlDataSource source)
{
    private const string InChecklist = """
        SELECT EXISTS (
            SELECT FROM visit, jsonb_each(checklist -> 'answers') answer
            WHERE visit.id = $1 AND answer.value -> 'photo_ids' ? $2)
        """;

    /// <summary>Why a file can't be deleted; null where nothing names it.</summary>
    public async Task<Conflict?> RefuseAsync(Attachment file)
    {
        if (file.EntityType != AttachmentOwner.Visit)
        {
            return null;
        }

        await using var command = source.CreateCommand(InChecklist);
        command.Parameters.Add(Sql.Uuid(file.EntityId));
        command.Parameters.Add(Sql.Text(file.Id.ToString()));
        return await command.ExecuteScalarAsync() is true
            ? new Conflict("in_use", "The attachment can't be deleted: an answer of the visit's checklist names it.")
            : null;
    }
}
