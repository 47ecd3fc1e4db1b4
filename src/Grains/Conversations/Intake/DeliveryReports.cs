using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Intake;

/// <summary>Brings what providers report to its message; what comes before the message is kept until it is there.</summary>
internal sealed class DeliveryReports(ThreadLookup lookup, OptOuts optOuts, NpgsqlDataSource source, IGrainFactory grains, TimeProvider time)
{
    private const string Keep = """
        INSERT INTO delivery_report (id, external_message_id, channel, received_at, report, opted_out) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string SelectKept =
        "SELECT id, report, opted_out FROM delivery_report WHERE external_message_id = ANY ($1) AND channel = $2 ORDER BY received_at, id";

    private const string DeleteKept = "DELETE FROM delivery_report WHERE id = $1";

    /// <summary>Applies a report, or keeps it; null where that is done.</summary>
    public async Task<Error?> ReportAsync(ChannelType channel, ChannelStatus status, CommandContext context, CancellationToken cancellation)
    {
        var ours = OursOf(status.OurId);
        if (await lookup.OursAsync(ours, status.ExternalId, cancellation) is { } known)
        {
            return await ApplyAsync(known.ThreadId, known.MessageId, status.ExternalId, status.Report, status.OptedOut, context, cancellation);
        }

        await using var command = source.CreateCommand(Keep);
        command.Parameters.Add(Sql.Uuid(IdOf(status.ExternalId, status.Report)));
        command.Parameters.Add(Sql.Text(status.ExternalId));
        command.Parameters.Add(Sql.Word<ChannelType>(channel));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        command.Parameters.Add(Sql.Jsonb(JsonSerializer.Serialize(status.Report, RowJson.Options)));
        command.Parameters.Add(Sql.Bool(status.OptedOut));
        await command.ExecuteNonQueryAsync(cancellation);
        // The message may have come while this was written.
        return await lookup.OursAsync(ours, status.ExternalId, cancellation) is { } late
            ? await ApplyKeptAsync(channel, late.ThreadId, late.MessageId, [status.ExternalId], context, cancellation)
            : null;
    }

    /// <summary>Applies what was reported of a message before it was there.</summary>
    public Task<Error?> ApplyKeptAsync(ChannelType channel, CommunicationMessage message, CommandContext context, CancellationToken cancellation) =>
        message.Direction != MessageDirection.Outbound ? Task.FromResult<Error?>(null) : ApplyKeptAsync(
            channel, message.ThreadId, message.Id, [.. new[] { message.ExternalMessageId, message.ProviderMessageId }.OfType<string>()], context, cancellation);

    private async Task<Error?> ApplyKeptAsync(
        ChannelType channel, Guid thread, Guid message, string[] externalIds, CommandContext context, CancellationToken cancellation)
    {
        var kept = new List<(Guid Id, DeliveryReport Report, bool OptedOut)>();
        await using (var select = source.CreateCommand(SelectKept))
        {
            select.Parameters.Add(Sql.Array(NpgsqlTypes.NpgsqlDbType.Text, externalIds));
            select.Parameters.Add(Sql.Word<ChannelType>(channel));
            await using var row = await select.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                kept.Add((row.GetGuid(0), JsonSerializer.Deserialize<DeliveryReport>(row.GetString(1), RowJson.Options)!, row.GetBoolean(2)));
            }
        }

        foreach (var (id, report, optedOut) in kept)
        {
            if (await ApplyAsync(thread, message, externalIds[0], report, optedOut, context, cancellation) is { } fault)
            {
                return fault;
            }

            await using var delete = source.CreateCommand(DeleteKept);
            delete.Parameters.Add(Sql.Uuid(id));
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        return null;
    }

    private async Task<Error?> ApplyAsync(
        Guid thread, Guid message, string externalId, DeliveryReport report, bool optedOut, CommandContext context, CancellationToken cancellation)
    {
        if (optedOut)
        {
            await optOuts.StopAsync(message, cancellation);
        }

        return (await grains.GetGrain<IEntityGrain<CommunicationThread>>(thread).ExecuteAsync(
            new ReportDelivery(message, report, externalId),
            context with { CommandId = NameBasedId.Of($"report/{message}/{IdOf(externalId, report)}"), MayRepeat = true })).Error is { } fault and not (NotFound or Conflict)
                ? fault
                : null;
    }

    // Our own id as it went along: whole, or before the point of a Message-ID of ours.
    private static Guid[] OursOf(string? ourId) =>
        Guid.TryParse(ourId, out var id) || (ourId is { Length: > 32 } && ourId[32] == '.' && Guid.TryParseExact(ourId[..32], "N", out id)) ? [id] : [];

    private static Guid IdOf(string externalId, DeliveryReport report) => NameBasedId.Of($"{externalId}/{JsonSerializer.Serialize(report, RowJson.Options)}");
}
