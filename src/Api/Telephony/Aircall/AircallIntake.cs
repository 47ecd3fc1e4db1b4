using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.BusinessNumbers;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Lines;
using Npgsql;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>
/// Takes an event of Aircall's: keeps what came, and has the call take it. Its id follows from its content, so that a delivery that
/// is repeated, also after a crash between the two, has one effect.
/// </summary>
internal sealed class AircallIntake(
    NpgsqlDataSource source, GroupCommit commits, ChannelIntake channels, DeliveryReports reports, IGrainFactory grains, TimeProvider time)
{
    private const string KeepSql = """
        INSERT INTO aircall_event (id, received_at, event, resource, body, call_id, error) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO NOTHING RETURNING id
        """;

    private const string ForgetSql = "DELETE FROM aircall_event WHERE id = $1";

    private const string ForgetErasedSql = """
        DELETE FROM aircall_event e USING call c WHERE e.id = $1 AND c.call_id = e.call_id AND c.erased_at IS NOT NULL
        """;

    private const string SelectLine = "SELECT id FROM business_phone_number WHERE aircall_id = $1";

    /// <summary>Null where it is on disk with all that follows from it; else why it is not, and Aircall sends it again.</summary>
    /// <param name="envelope">The event.</param>
    /// <param name="body">The same as it may be stored: without its token.</param>
    /// <param name="context">Who sent it, and from where.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Error?> TakeAsync(AircallEnvelope envelope, string body, CommandContext context, CancellationToken cancellation)
    {
        var (id, reading) = (NameBasedId.Of($"aircall/event/{body}"), AircallReader.Read(envelope));
        return await KeepAsync(id, envelope, reading, body) ?? reading switch
        {
            CallReading { Event: var said } => await TakeCallAsync(id, said, context, cancellation),
            InsightReading => await ForgetAsync(ForgetErasedSql, id, cancellation),
            MessageReading => await TakeMessageAsync(id, envelope, context, cancellation),
            AgentReading { Event: var said } => await TakeAgentAsync(id, said, context),
            LineReading { Event: var said } => await TakeLineAsync(id, said, context, cancellation),
            _ => null,
        };
    }

    // Each joins what comes in any order, so none waits for the other.
    private async Task<Error?> TakeCallAsync(Guid id, CallEvent said, CommandContext context, CancellationToken cancellation)
    {
        var call = grains.GetGrain<IEntityGrain<Call>>(CallMerge.IdOf(said.CallId))
            .ExecuteAsync(new TakeCallEvent(said), context with { CommandId = id, MayRepeat = true });
        var agents = Task.WhenAll(PresenceMerge.Of(said).Select(agent => TakeAgentAsync(id, agent, context)));
        await Task.WhenAll(call, agents);
        var taken = await call;
        if (taken.Value is { ErasedAt: not null })
        {
            await ForgetAsync(ForgetSql, id, cancellation);
        }

        return taken.Error ?? (await agents).OfType<Error>().FirstOrDefault();
    }

    // What comes late says again what was erased.
    private async Task<Error?> ForgetAsync(string sql, Guid id, CancellationToken cancellation)
    {
        await using var forget = source.CreateCommand(sql);
        forget.Parameters.Add(Sql.Uuid(id));
        await forget.ExecuteNonQueryAsync(cancellation);
        return null;
    }

    private async Task<Error?> TakeAgentAsync(Guid id, AgentEvent said, CommandContext context) =>
        (await grains.GetGrain<IEntityGrain<AgentPresence>>(AgentKind.IdOf(said.Agent.Id)).ExecuteAsync(
            new TakeAgentEvent(said), context with { CommandId = NameBasedId.Of($"{id}/agent/{said.Agent.Id}"), MayRepeat = true })).Error;

    private async Task<Error?> TakeLineAsync(Guid id, LineEvent said, CommandContext context, CancellationToken cancellation)
    {
        // People may have made the row before Aircall said anything of the number.
        await using var select = source.CreateCommand(SelectLine);
        select.Parameters.Add(Sql.Text(said.Line.Id));
        var row = await select.ExecuteScalarAsync(cancellation) as Guid? ?? NameBasedId.Of($"aircall/number/{said.Line.Id}");
        var taken = await grains.GetGrain<IEntityGrain<BusinessPhoneNumber>>(row)
            .ExecuteAsync(new TakeLineEvent(said), context with { CommandId = id, MayRepeat = true });
        // Somebody made it at this moment: when it is sent again, the row is found.
        return taken.Error is Conflict { Code: "aircall_id_taken" } ? new TryAgain("The number is being made. Send the event again.") : taken.Error;
    }

    // Aircall keeps no messages to read later: what is missed here is lost.
    private async Task<Error?> TakeMessageAsync(Guid id, AircallEnvelope envelope, CommandContext context, CancellationToken cancellation)
    {
        if (AircallMessages.Read(envelope.Event, envelope.Data, envelope.At) is not var (message, status))
        {
            return null;
        }

        var taken = message is null ? null : (await channels.TakeAsync(message, null, time.GetUtcNow(), context with { CommandId = id }, cancellation)).Error;
        return taken ?? (status is null ? null : await reports.ReportAsync(message?.Channel ?? ChannelType.Sms, status, context with { CommandId = id }, cancellation));
    }

    private async Task<Error?> KeepAsync(Guid id, AircallEnvelope envelope, AircallReading reading, string body)
    {
        var statement = new NpgsqlBatchCommand(KeepSql)
        {
            Parameters =
            {
                Sql.Uuid(id),
                Sql.Time(time.GetUtcNow()),
                Sql.Text(envelope.Event),
                Sql.Text(envelope.Resource),
                Sql.Jsonb(body),
                Sql.Text(reading switch
                {
                    CallReading call => call.Event.CallId,
                    InsightReading insight => insight.CallId,
                    _ => null,
                }),
                Sql.Text((reading as UnknownReading)?.Reason),
            },
        };
        try
        {
            await commits.CommitAsync(new StatementCommit<bool>(id, id, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation)));
        }
        catch (PostgresException fault) when (
            fault.SqlState.StartsWith("22", StringComparison.Ordinal) || fault.SqlState.StartsWith("54", StringComparison.Ordinal))
        {
            return Invalid.Field("data", "holds a value that can't be stored");
        }

        AircallMetrics.Count(envelope.Event, reading);
        return null;
    }
}
