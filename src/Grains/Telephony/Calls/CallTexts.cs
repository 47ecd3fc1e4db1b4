using System.Text.Json;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>The texts of what was said, beside the rows of their calls.</summary>
internal sealed class CallTexts(NpgsqlDataSource source)
{
    // Waits for an erasure that is under way: a call that has been erased, or whose time is over, is marked to have no texts.
    private const string Keep = """
        INSERT INTO call_text (call_row, kind, said_at, content)
        SELECT id, $2, $3, $4 FROM call WHERE id = $1 AND $2 = ANY (texts) FOR SHARE
        ON CONFLICT (call_row, kind) DO UPDATE SET said_at = EXCLUDED.said_at, content = EXCLUDED.content WHERE call_text.said_at <= EXCLUDED.said_at
        """;

    private const string Select = "SELECT content FROM call_text WHERE call_row = $1";

    // A text stays if an event has announced it again since it was to be deleted.
    private const string Delete = "DELETE FROM call_text t USING call c WHERE t.call_row = $1 AND c.id = $1 AND NOT t.kind = ANY (c.texts)";

    /// <summary>Keeps a text of a call that is marked to have it, unless a newer one is there.</summary>
    /// <param name="call">The row of the call.</param>
    /// <param name="kind">Which text.</param>
    /// <param name="saidAt">When it was said to be there, or read, UTC.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task KeepAsync(Guid call, CallTextKind kind, DateTimeOffset saidAt, CallText text, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Keep);
        command.Parameters.Add(Sql.Uuid(call));
        command.Parameters.Add(Sql.Text(WireText.Of(kind)));
        command.Parameters.Add(Sql.Time(saidAt));
        command.Parameters.Add(Sql.Jsonb(JsonSerializer.Serialize(text, RowJson.Options)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>All texts of a call together; null where there are none.</summary>
    public async Task<CallText?> ReadAsync(Guid call, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(call));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        CallText? all = null;
        while (await row.ReadAsync(cancellation))
        {
            var text = JsonSerializer.Deserialize<CallText>(row.GetString(0), RowJson.Options)!;
            all = all is null ? text : new()
            {
                Language = all.Language ?? text.Language,
                Utterances = all.Utterances ?? text.Utterances,
                Summary = all.Summary ?? text.Summary,
                Topics = all.Topics ?? text.Topics,
                Sentiments = all.Sentiments ?? text.Sentiments,
            };
        }

        return all;
    }

    /// <summary>Deletes the texts that a call is not marked to have.</summary>
    public async Task DeleteAsync(Guid call, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Delete);
        command.Parameters.Add(Sql.Uuid(call));
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
