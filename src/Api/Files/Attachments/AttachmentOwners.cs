using ChargeCars.Api.Identity;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>Answers whether a caller may add files to an entity: whether they see it.</summary>
internal sealed class AttachmentOwners(NpgsqlDataSource source)
{
    /// <summary>Why not, by the field that names it; null where they may. What is out of scope is answered like what is not there.</summary>
    public async Task<Invalid?> RefuseAsync(AttachmentOwner type, Guid id, Caller caller, CancellationToken cancellation)
    {
        var (sql, seen) = AttachmentScope.One(type, caller);
        await using var command = source.CreateCommand();
        command.Parameters.Add(Sql.Uuid(id));
        command.CommandText = seen is null ? $"{sql})" : $"{sql} AND ({seen.AddTo(command.Parameters)}))";
        return await command.ExecuteScalarAsync(cancellation) is true
            ? null
            : Invalid.Field("entityId", $"there is no {WireText.Of(type).Replace('_', ' ')} {id}");
    }
}
