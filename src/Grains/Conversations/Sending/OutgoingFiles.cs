using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Conversations.Sending;

/// <summary>Reads the files that go along with a message: all of them, or none.</summary>
internal sealed class OutgoingFiles(NpgsqlDataSource source, IFileStore store)
{
    private const string SelectStored = "SELECT id, stored_name FROM attachment WHERE id = ANY ($1)";

    /// <summary>The message's files in their order; refused where one of them is not there any more, or the store does not answer.</summary>
    public async Task<Result<OutgoingFile[]>> ReadAsync(CommunicationMessage message, CancellationToken cancellation)
    {
        if (message.Attachments.Count == 0)
        {
            return Array.Empty<OutgoingFile>();
        }

        try
        {
            var stored = await StoredAsync(message, cancellation);
            var files = new List<OutgoingFile>();
            foreach (var file in message.Attachments)
            {
                if (file.FileId is not { } id || !stored.TryGetValue(id, out var name) || await ReadAsync(name, file.FileSize, cancellation) is not { } content)
                {
                    return new Conflict("file_missing", $"The file {file.FileName} is not there any more.");
                }

                files.Add(new(file.FileName, file.MimeType, content));
            }

            return files.ToArray();
        }
        catch (Exception fault) when (fault is StorageUnavailableException or IOException or NpgsqlException)
        {
            return new TryAgain("The files could not be read.");
        }
    }

    private async Task<byte[]?> ReadAsync(string name, long size, CancellationToken cancellation)
    {
        if (size == 0)
        {
            return [];
        }

        await using var stream = await store.OpenAsync(name, 0, size, cancellation);
        if (stream is null)
        {
            return null;
        }

        var content = new byte[size];
        await stream.ReadExactlyAsync(content, cancellation);
        return content;
    }

    private async Task<Dictionary<Guid, string>> StoredAsync(CommunicationMessage message, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectStored);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, message.Attachments.Select(file => file.FileId).OfType<Guid>().ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        Dictionary<Guid, string> names = [];
        while (await row.ReadAsync(cancellation))
        {
            names[row.GetGuid(0)] = row.GetString(1);
        }

        return names;
    }
}
