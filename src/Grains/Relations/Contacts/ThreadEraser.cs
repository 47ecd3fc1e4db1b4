using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Relations.Contacts;

/// <summary>Erases what threads' messages say, with their files and what providers sent of them. Each step looks for what is still there.</summary>
internal sealed class ThreadEraser(ContactTraces traces, NpgsqlDataSource source, IGrainFactory grains, TimeProvider time)
{
    // What was received goes first: the message still leads to it then. Its row stays, so that what is delivered again is known.
    private const string EmptyRaw = """
        UPDATE inbound_message i SET body = '', content_type = NULL FROM communication_message m
        WHERE m.id = ANY ($1) AND (i.id = m.raw_id OR i.message_id = m.id
            OR i.id IN (SELECT p.raw_id FROM communication_message_place p WHERE p.message_id = m.id))
        """;

    private const string DeleteEvents = """
        DELETE FROM aircall_event e USING communication_message m
        WHERE m.id = ANY ($1) AND m.external_message_id IS NOT NULL AND e.event LIKE 'message.%' AND left(e.body #>> '{data,id}', 200) = m.external_message_id
        """;

    /// <summary>A thread with all its messages and files, its subject and its customer's address; null when it is done.</summary>
    public async Task<Error?> WholeAsync(Guid thread, CommandContext context, CancellationToken cancellation)
    {
        for (var isDone = false; !isDone;)
        {
            var messages = await traces.MessagesOfAsync(thread, cancellation);
            if (await EraseAsync(thread, messages, isWhole: true, context, cancellation) is { } fault)
            {
                return fault;
            }

            isDone = messages.Count == 0;
        }

        return await FilesAsync("communication_thread", [thread], context, cancellation);
    }

    /// <summary>Some messages of a thread; null when it is done.</summary>
    public Task<Error?> SomeAsync(Guid thread, List<Guid> messages, CommandContext context, CancellationToken cancellation) =>
        EraseAsync(thread, messages, isWhole: false, context, cancellation);

    /// <summary>The files of some entities of one kind; null when it is done.</summary>
    public async Task<Error?> FilesAsync(string entityType, IReadOnlyCollection<Guid> entities, CommandContext context, CancellationToken cancellation)
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

    /// <summary>What is erased is not found again, so that nothing needs to be known by its command.</summary>
    public CommandContext Own(CommandContext context) =>
        context with { CommandId = Guid.CreateVersion7(time.GetUtcNow()), MayRepeat = false, ExpectedVersion = null };

    private async Task<Error?> EraseAsync(Guid thread, List<Guid> messages, bool isWhole, CommandContext context, CancellationToken cancellation)
    {
        if (messages.Count > 0)
        {
            if (await FilesAsync("communication_message", messages, context, cancellation) is { } fault)
            {
                return fault;
            }

            await using var batch = source.CreateBatch();
            foreach (var statement in new[] { EmptyRaw, DeleteEvents })
            {
                batch.BatchCommands.Add(new(statement) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, messages.ToArray()) } });
            }

            await batch.ExecuteNonQueryAsync(cancellation);
        }

        return (await grains.GetGrain<IEntityGrain<CommunicationThread>>(thread).ExecuteAsync(new EraseMessages(messages, isWhole), Own(context))).Error;
    }
}
