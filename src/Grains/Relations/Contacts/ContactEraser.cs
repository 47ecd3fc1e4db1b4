using ChargeCars.Alerts;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Relations.Contacts;

/// <summary>
/// Erases what a person left: what they and we wrote in their threads, what they wrote in others, files, recordings, who called, numbers,
/// and what providers sent of it. Rows, counts and times stay. Each step looks for what is still there, so that a host that dies leaves
/// the rest to the next; what is erased is not found again.
/// </summary>
internal sealed class ContactEraser(ContactTraces traces, ThreadEraser threads, NpgsqlDataSource source, IGrainFactory grains, TimeProvider time)
    : IDueCommandHandler<EraseTraces>
{
    private const string DeleteCallEvents = "DELETE FROM aircall_event e USING call c WHERE c.id = ANY ($1) AND e.call_id = c.call_id";

    // What was sent, and when, stays; what waits is not sent any more.
    private const string EmptyNotifications = """
        UPDATE notification SET recipient = '', payload = NULL, failure_reason = NULL, next_attempt_at = NULL, version = version + 1, updated_at = $3,
            status = CASE status WHEN 'pending' THEN 'cancelled' ELSE status END
        WHERE recipient <> '' AND (recipient_contact_id = $1 OR recipient = ANY ($2))
        """;

    // Some rows name the person and belong to none of their messages or calls: states of messages, entries of address books, bodies that nobody could read.
    // Numbers stand there as people write them, so their last digits count. What is still to be worked has its effect first.
    private const string EmptyReceived = """
        UPDATE inbound_message SET body = '', content_type = NULL
        WHERE message_id IS NULL AND worked_at IS NOT NULL AND body <> '' AND EXISTS (SELECT FROM unnest($1::text[]) AS own(text) WHERE position(convert_to(own.text, 'UTF8') IN body) > 0)
        """;

    private const string DeleteReports = """
        DELETE FROM delivery_report r WHERE EXISTS (SELECT FROM unnest($1::text[]) AS own(text) WHERE position(own.text IN lower(r.report::text)) > 0)
        """;

    private const string DeleteOtherEvents = """
        DELETE FROM aircall_event e WHERE e.call_id IS NULL AND (
            EXISTS (SELECT FROM unnest($1::text[]) AS own(text) WHERE position(own.text IN lower(e.body::text)) > 0)
            OR EXISTS (SELECT FROM unnest($2::text[]) AS own(digits) WHERE position(own.digits IN regexp_replace(e.body::text, '[^0-9]', '', 'g')) > 0))
        """;

    // Without the country: a number of our own country is written without it too. Fewer digits would be part of too many other numbers.
    private const int TellingDigits = 9;

    private const string DeleteOptOuts = "DELETE FROM communication_opt_out WHERE address = ANY ($1)";

    public async Task<Error?> CarryOutAsync(Guid targetId, EraseTraces command, CommandContext context, CancellationToken cancellation)
    {
        var own = await traces.OwnAsync(targetId, command.Emails.Concat(command.Numbers), cancellation);
        // Before the threads are emptied: one that was known by its address alone is not found again.
        Guid[] about = [.. await traces.ThreadsAsync(targetId, own, cancellation), .. own.Where(IsNumber).Select(CallBackKind.IdOf)];
        var fault = await AlertsAsync(own, about, context, cancellation)
            ?? await ThreadsAsync(targetId, own, context, cancellation)
            ?? await ElsewhereAsync(targetId, own, context, cancellation)
            ?? await CallsAsync(targetId, own, context, cancellation)
            ?? await NumbersAsync(targetId, context, cancellation)
            ?? await threads.FilesAsync("contact", [targetId], context, cancellation);
        // Again, for what was raised meanwhile: the facts that alerts are raised by are gone by now.
        fault ??= await AlertsAsync(own, about, context, cancellation);
        if (fault is null)
        {
            await using var batch = source.CreateBatch();
            batch.BatchCommands.Add(new(EmptyNotifications) { Parameters = { Sql.Uuid(targetId), Sql.Array(NpgsqlDbType.Text, own), Sql.Time(time.GetUtcNow()) } });
            batch.BatchCommands.Add(new(DeleteOptOuts) { Parameters = { Sql.Array(NpgsqlDbType.Text, own) } });
            string[] mails = [.. own.Where(address => !IsNumber(address)).Select(address => address.ToLowerInvariant())];
            string[] numbers = [.. own.Where(IsNumber).Select(number => number[1..])];
            string[] digits = [.. numbers.Where(number => number.Length >= TellingDigits).Select(number => number[^TellingDigits..])];
            batch.BatchCommands.Add(new(EmptyReceived) { Parameters = { Sql.Array(NpgsqlDbType.Text, mails.Concat(numbers).ToArray()) } });
            batch.BatchCommands.Add(new(DeleteReports) { Parameters = { Sql.Array(NpgsqlDbType.Text, mails.Concat(numbers).ToArray()) } });
            batch.BatchCommands.Add(new(DeleteOtherEvents) { Parameters = { Sql.Array(NpgsqlDbType.Text, mails), Sql.Array(NpgsqlDbType.Text, digits) } });
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        return fault;
    }

    private async Task<Error?> ThreadsAsync(Guid contact, string[] own, CommandContext context, CancellationToken cancellation)
    {
        foreach (var thread in await traces.ThreadsAsync(contact, own, cancellation))
        {
            if (await threads.WholeAsync(thread, context, cancellation) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<Error?> ElsewhereAsync(Guid contact, string[] own, CommandContext context, CancellationToken cancellation)
    {
        while (await traces.MessagesElsewhereAsync(contact, own, cancellation) is { Count: > 0 } messages)
        {
            foreach (var thread in messages.GroupBy(message => message.Thread, message => message.Message))
            {
                if (await threads.SomeAsync(thread.Key, [.. thread], context, cancellation) is { } fault)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    private async Task DeleteEventsAsync(IReadOnlyCollection<Guid> calls, CancellationToken cancellation)
    {
        await using var delete = source.CreateCommand(DeleteCallEvents);
        delete.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, calls.ToArray()));
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<Error?> CallsAsync(Guid contact, string[] own, CommandContext context, CancellationToken cancellation)
    {
        while (await traces.CallsAsync(contact, own, cancellation) is { Count: > 0 } calls)
        {
            if (await threads.FilesAsync("call", calls, context, cancellation) is { } kept)
            {
                return kept;
            }

            await DeleteEventsAsync(calls, cancellation);
            foreach (var call in calls)
            {
                if ((await grains.GetGrain<IEntityGrain<Call>>(call).ExecuteAsync(new EraseCall(), threads.Own(context))).Error is { } fault)
                {
                    return fault;
                }
            }

            // More events may have come before the call was erased.
            await DeleteEventsAsync(calls, cancellation);
        }

        foreach (var number in own.Where(IsNumber))
        {
            var known = grains.GetGrain<IEntityGrain<CallBack>>(CallBackKind.IdOf(number));
            if ((await known.ExecuteAsync(new ForgetCallBack(number, null, Guid.Empty), threads.Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<Error?> AlertsAsync(string[] own, Guid[] about, CommandContext context, CancellationToken cancellation)
    {
        foreach (var alert in await traces.AlertsAsync(own, about, cancellation))
        {
            if ((await grains.GetGrain<IEntityGrain<Alert>>(alert).ExecuteAsync(new EraseAlert(), threads.Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool IsNumber(string address) => address is ['+', ..];

    private async Task<Error?> NumbersAsync(Guid contact, CommandContext context, CancellationToken cancellation)
    {
        foreach (var number in await traces.NumbersAsync(contact, cancellation))
        {
            var entry = grains.GetGrain<IEntityGrain<ContactPhoneNumber>>(number);
            if ((await entry.ExecuteAsync(new Delete<ContactPhoneNumber>(), threads.Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }
}
