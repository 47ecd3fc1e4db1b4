using ChargeCars.Api.Identity;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>Reads messages, within <see cref="ConversationScope"/>.</summary>
internal sealed class MessageQueries(NpgsqlDataSource source)
{
    /// <summary>What a thread's list offers. What has no place yet comes last.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["nature"] = ListFilter.Word<MessageNature>("nature"),
            ["direction"] = ListFilter.Word<MessageDirection>("direction"),
            ["status"] = ListFilter.Word<MessageStatus>("status"),
        },
        new Dictionary<string, ListSort> { ["position"] = new("coalesce(position, 2147483647)", "integer"), ["createdAt"] = new("created_at", "timestamptz") },
        "position");

    /// <summary>A page of a thread's messages.</summary>
    public async Task<Page<MessageView>> PageAsync(Guid thread, ListQuery query, Caller caller, CancellationToken cancellation)
    {
        var page = await RunAsync(query with { Filters = [.. query.Filters, ("thread_id", Sql.Uuid(thread))] }, caller, cancellation);
        return new([.. page.Items.Select(message => MessageView.Of(message, caller))], page.NextCursor);
    }

    /// <summary>A message that the caller sees; null where there is none.</summary>
    public async Task<CommunicationMessage?> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        (await RunAsync(List.All with { Limit = 1, Filters = [("id", Sql.Uuid(id))] }, caller, cancellation)).Items is [var message] ? message : null;

    private Task<Page<CommunicationMessage>> RunAsync(ListQuery query, Caller caller, CancellationToken cancellation) =>
        (query with { Scope = ConversationScope.Messages(caller) })
            .RunAsync(source, MessageKind.Rows.ColumnList, MessageKind.Rows.From, MessageKind.Rows.Read, cancellation);
}
