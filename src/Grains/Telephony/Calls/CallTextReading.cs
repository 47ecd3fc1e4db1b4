using System.Text;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>Reads a text of what was said, which an event announced. Stored until it is done.</summary>
/// <param name="Text">Which.</param>
[Alias("call.read-text")]
internal sealed record ReadCallText(CallTextKind Text);

/// <summary>Deletes the texts of a call that may have none any more.</summary>
[Alias("call.forget-texts")]
internal sealed record ForgetCallTexts;

/// <summary>Takes the text out of the newest event that carries it; where events only name the call, Aircall's API is asked.</summary>
internal sealed class CallTextReading(NpgsqlDataSource source, AircallApi aircall, CallTexts texts, IGrainFactory grains, TimeProvider time)
    : IDueCommandHandler<ReadCallText>
{
    private const string SelectEvents = """
        SELECT e.body FROM aircall_event e JOIN call c ON c.call_id = e.call_id WHERE c.id = $1 AND e.event = $2 ORDER BY e.received_at DESC LIMIT 20
        """;

    /// <inheritdoc/>
    public async Task<Error?> CarryOutAsync(Guid targetId, ReadCallText command, CommandContext context, CancellationToken cancellation)
    {
        var call = grains.GetGrain<IEntityGrain<Call>>(targetId);
        if ((await call.GetAsync()).Value is not { ErasedAt: null } known)
        {
            return null;
        }

        var (text, saidAt) = await OfEventsAsync(targetId, command.Text, cancellation);
        if (text is null && aircall.IsEnabled)
        {
            saidAt = time.GetUtcNow();
            var found = await aircall.FindTextAsync(known.CallId, command.Text, cancellation);
            if (found.Error is TryAgain again)
            {
                return again;
            }

            text = found.Value;
        }

        if (text is null)
        {
            return null;
        }

        // The mark first: what it does not name is not kept, so an erasure that comes between leaves nothing behind.
        if ((await call.ExecuteAsync(new NoteCallText(command.Text), context)).Error is { } fault)
        {
            return fault;
        }

        await texts.KeepAsync(targetId, command.Text, saidAt, text, cancellation);
        return null;
    }

    // By Aircall's clock, as events come in any order.
    private async Task<(CallText? Text, DateTimeOffset SaidAt)> OfEventsAsync(Guid call, CallTextKind kind, CancellationToken cancellation)
    {
        await using var select = source.CreateCommand(SelectEvents);
        select.Parameters.Add(Sql.Uuid(call));
        select.Parameters.Add(Sql.Text(AircallTexts.Events.Single(known => known.Value == kind).Key));
        await using var row = await select.ExecuteReaderAsync(cancellation);
        (CallText? Text, DateTimeOffset SaidAt) newest = default;
        while (await row.ReadAsync(cancellation))
        {
            if (AircallEnvelope.Read(Encoding.UTF8.GetBytes(row.GetString(0))).Value is { } said && said.At >= newest.SaidAt && AircallTexts.Read(kind, said.Data) is { } text)
            {
                newest = (text, said.At);
            }
        }

        return newest;
    }
}

/// <inheritdoc cref="ForgetCallTexts"/>
internal sealed class CallTextRemoval(CallTexts texts) : IDueCommandHandler<ForgetCallTexts>
{
    /// <inheritdoc/>
    public async Task<Error?> CarryOutAsync(Guid targetId, ForgetCallTexts command, CommandContext context, CancellationToken cancellation)
    {
        await texts.DeleteAsync(targetId, cancellation);
        return null;
    }
}
