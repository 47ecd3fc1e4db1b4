using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Contacts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Conversations.Threads;

/// <summary>For how long what people wrote is kept: <c>ChargeCars:Messages</c>.</summary>
public sealed class MessageRetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages";

    /// <summary>Threads that are resolved or archived, after their last message; for ever where it is left out.</summary>
    public TimeSpan? KeepMessages { get; set; }

    /// <summary>The same for one of our names, by its word: <c>KeepMessagesOf:chargecars</c>.</summary>
    public IDictionary<string, TimeSpan> KeepMessagesOf { get; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    internal sealed class Validator : IValidateOptions<MessageRetentionOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessageRetentionOptions options) =>
            RetentionSpans.Faults(Section, nameof(KeepMessages), options.KeepMessages, options.KeepMessagesOf).ToList() is { Count: > 0 } faults
                ? ValidateOptionsResult.Fail(faults)
                : ValidateOptionsResult.Success;
    }
}

/// <summary>Erases what was said in threads that are long over. They stay, with their times and counts.</summary>
internal sealed class MessageRetention(NpgsqlDataSource source, ThreadEraser eraser, IOptions<MessageRetentionOptions> options, TimeProvider time)
    : ExpiringEntities(source, time)
{
    public override string Task => "erase expired conversations";

    protected override IEnumerable<RetentionSpan> Spans => RetentionSpans.Of(options.Value.KeepMessages, options.Value.KeepMessagesOf);

    protected override string SelectOver => """
        SELECT t.id FROM communication_thread t
        WHERE t.status IN ('resolved', 'archived') AND t.business_entity IS NOT DISTINCT FROM $1 AND coalesce(t.last_message_at, t.created_at) < $2
            AND EXISTS (SELECT FROM communication_message m WHERE m.thread_id = t.id AND m.erased_at IS NULL AND m.nature <> 'moved')
        ORDER BY coalesce(t.last_message_at, t.created_at) LIMIT $3
        """;

    protected override Task<Error?> ExpireAsync(Guid id, CommandContext context, CancellationToken ct) => eraser.WholeAsync(id, context, ct);
}
