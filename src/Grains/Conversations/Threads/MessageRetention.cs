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

    /// <summary>Of each name, and of what belongs to none, for how long; those that are kept for ever are left out.</summary>
    internal static IEnumerable<(BusinessEntity? Entity, TimeSpan Keep)> Spans(TimeSpan? all, IDictionary<string, TimeSpan> of) =>
        Enum.GetValues<BusinessEntity>().Select(entity => (BusinessEntity?)entity).Append(null)
            .Select(entity => (entity, keep: entity is { } named && of.TryGetValue(WireText.Of(named), out var own) ? own : all))
            .Where(span => span.keep is not null).Select(span => (span.entity, span.keep!.Value));

    /// <summary>Every faulty setting of such a pair.</summary>
    internal static IEnumerable<string> Faults(string section, string name, TimeSpan? all, IDictionary<string, TimeSpan> of) => of
        .Where(own => !WireText.TryParse<BusinessEntity>(own.Key, out _)).Select(own => $"{section}:{name}Of:{own.Key} is none of our names.")
        .Concat(of.Select(own => ($"{name}Of:{own.Key}", (TimeSpan?)own.Value)).Append((name, all))
            .Where(span => span.Item2 < TimeSpan.FromDays(30)).Select(span => $"{section}:{span.Item1} must be at least 30 days."));

    internal sealed class Validator : IValidateOptions<MessageRetentionOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessageRetentionOptions options) =>
            Faults(Section, nameof(KeepMessages), options.KeepMessages, options.KeepMessagesOf).ToList() is { Count: > 0 } faults
                ? ValidateOptionsResult.Fail(faults)
                : ValidateOptionsResult.Success;
    }
}

/// <summary>Erases what was said in threads that are long over. They stay, with their times and counts.</summary>
internal sealed class MessageRetention(NpgsqlDataSource source, ThreadEraser eraser, IOptions<MessageRetentionOptions> options, TimeProvider time) : IExpiringRows
{
    private const int Batch = 100;

    private const string SelectOver = """
        SELECT t.id FROM communication_thread t
        WHERE t.status IN ('resolved', 'archived') AND t.business_entity IS NOT DISTINCT FROM $1 AND coalesce(t.last_message_at, t.created_at) < $2
            AND EXISTS (SELECT FROM communication_message m WHERE m.thread_id = t.id AND m.erased_at IS NULL AND m.nature <> 'moved')
        ORDER BY coalesce(t.last_message_at, t.created_at) LIMIT $3
        """;

    public string Task => "erase expired conversations";

    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var erased = 0L;
        foreach (var (entity, keep) in MessageRetentionOptions.Spans(options.Value.KeepMessages, options.Value.KeepMessagesOf))
        {
            for (var count = Batch; count == Batch; erased += count)
            {
                var over = await OverAsync(entity, time.GetUtcNow() - keep, ct);
                count = over.Count;
                foreach (var thread in over)
                {
                    // Who has no time now has it in an hour.
                    if (await eraser.WholeAsync(thread, new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System), ct) is not null)
                    {
                        return erased;
                    }
                }
            }
        }

        return erased;
    }

    private async Task<List<Guid>> OverAsync(BusinessEntity? entity, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = source.CreateCommand(SelectOver);
        command.Parameters.Add(Sql.Word(entity));
        command.Parameters.Add(Sql.Time(before));
        command.Parameters.Add(Sql.Integer(Batch));
        await using var row = await command.ExecuteReaderAsync(ct);
        var threads = new List<Guid>();
        while (await row.ReadAsync(ct))
        {
            threads.Add(row.GetGuid(0));
        }

        return threads;
    }
}
