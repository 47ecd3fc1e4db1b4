using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Files.Attachments;
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
internal sealed class ContactEraser(ContactTraces traces, NpgsqlDataSource source, IGrainFactory grains, TimeProvider time) : IDueCommandHandler<EraseTraces>
{
    // What was received goes first: the message still leads to it then. Its row stays, so that what is delivered again is known.
    private const string EmptyRaw = """
        UPDATE inbound_message i SET body = '', content_type = NULL FROM communication_message m
        WHERE m.id = ANY ($1) AND (i.id = m.raw_id OR i.message_id = m.id
            OR i.id IN (SELECT p.raw_id FROM communication_message_place p WHERE p.message_id = m.id))
        """;

    private const string DeleteMessageEvents = """
        DELETE FROM aircall_event e USING communication_message m
        WHERE m.id = ANY ($1) AND m.external_message_id IS NOT NULL AND e.event LIKE 'message.%' AND e.body #>> '{data,id}' = m.external_message_id
        """;

    private const string DeleteCallEvents = "DELETE FROM aircall_event e USING call c WHERE c.id = ANY ($1) AND e.call_id = c.call_id";

    private const string DeleteOptOuts = "DELETE FROM communication_opt_out WHERE address = ANY ($1)";

    public async Task<Error?> CarryOutAsync(Guid targetId, EraseTraces command, CommandContext context, CancellationToken cancellation)
    {
        var own = await traces.OwnAsync(targetId, command.Emails.Concat(command.Numbers), cancellation);
        var fault = await ThreadsAsync(targetId, own, context, cancellation)
            ?? await ElsewhereAsync(targetId, own, context, cancellation)
            ?? await CallsAsync(targetId, own, context, cancellation)
            ?? await NumbersAsync(targetId, context, cancellation)
            ?? await FilesAsync("contact", [targetId], context, cancellation);
        if (fault is null)
        {
            await using var delete = source.CreateCommand(DeleteOptOuts);
            delete.Parameters.Add(Sql.Array(NpgsqlDbType.Text, own));
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        return fault;
    }

    private async Task<Error?> ThreadsAsync(Guid contact, string[] own, CommandContext context, CancellationToken cancellation)
    {
        foreach (var thread in await traces.ThreadsAsync(contact, own, cancellation))
        {
            while (true)
            {
                var messages = await traces.MessagesOfAsync(thread, cancellation);
                if (await EraseAsync(thread, messages, isWhole: true, context, cancellation) is { } fault)
                {
                    return fault;
                }

                if (messages.Count == 0)
                {
                    break;
                }
            }

            if (await FilesAsync("communication_thread", [thread], context, cancellation) is { } kept)
            {
                return kept;
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
                if (await EraseAsync(thread.Key, [.. thread], isWhole: false, context, cancellation) is { } fault)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    private async Task<Error?> EraseAsync(Guid thread, List<Guid> messages, bool isWhole, CommandContext context, CancellationToken cancellation)
    {
        if (messages.Count > 0)
        {
            if (await FilesAsync("communication_message", messages, context, cancellation) is { } fault)
            {
                return fault;
            }

            await RunAsync([EmptyRaw, DeleteMessageEvents], messages, cancellation);
        }

        return (await grains.GetGrain<IEntityGrain<CommunicationThread>>(thread).ExecuteAsync(new EraseMessages(messages, isWhole), Own(context))).Error;
    }

    private async Task<Error?> CallsAsync(Guid contact, string[] own, CommandContext context, CancellationToken cancellation)
    {
        while (await traces.CallsAsync(contact, own, cancellation) is { Count: > 0 } calls)
        {
            if (await FilesAsync("call", calls, context, cancellation) is { } kept)
            {
                return kept;
            }

            await RunAsync([DeleteCallEvents], calls, cancellation);
            foreach (var call in calls)
            {
                if ((await grains.GetGrain<IEntityGrain<Call>>(call).ExecuteAsync(new EraseCall(), Own(context))).Error is { } fault)
                {
                    return fault;
                }
            }
        }

        foreach (var number in own.Where(address => address is ['+', ..]))
        {
            var known = grains.GetGrain<IEntityGrain<CallBack>>(NameBasedId.Of($"call-back/{number}"));
            if ((await known.ExecuteAsync(new ForgetCallBack(number, null, Guid.Empty), Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<Error?> NumbersAsync(Guid contact, CommandContext context, CancellationToken cancellation)
    {
        foreach (var number in await traces.NumbersAsync(contact, cancellation))
        {
            var entry = grains.GetGrain<IEntityGrain<ContactPhoneNumber>>(number);
            if ((await entry.ExecuteAsync(new Delete<ContactPhoneNumber>(), Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<Error?> FilesAsync(string entityType, IReadOnlyCollection<Guid> entities, CommandContext context, CancellationToken cancellation)
    {
        foreach (var file in await traces.FilesAsync(entityType, entities, cancellation))
        {
            var kept = grains.GetGrain<IEntityGrain<Attachment>>(file);
            if ((await kept.ExecuteAsync(new Delete<Attachment>(), Own(context))).Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task RunAsync(string[] statements, List<Guid> ids, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new(statement) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, ids.ToArray()) } });
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // What is erased is not found again, so that nothing needs to be known by its command.
    private CommandContext Own(CommandContext context) =>
        context with { CommandId = Guid.CreateVersion7(time.GetUtcNow()), MayRepeat = false, ExpectedVersion = null };
}
