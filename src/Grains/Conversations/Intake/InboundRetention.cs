using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Conversations.Intake;

/// <summary>For how long what providers sent is kept as it came: <c>ChargeCars:Messages</c>.</summary>
public sealed class InboundRetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Messages";

    /// <summary>What is no mail, or came to nothing: its message has all of it. 90 days.</summary>
    public TimeSpan KeepRaw { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Mails, whose files are read out of them. Seven years.</summary>
    public TimeSpan KeepMails { get; set; } = TimeSpan.FromDays(2_557);

    /// <summary>What was reported of messages that never came. 30 days.</summary>
    public TimeSpan KeepReports { get; set; } = TimeSpan.FromDays(30);

    internal sealed class Validator : IValidateOptions<InboundRetentionOptions>
    {
        // Meta repeats for a week what it got no answer to: what is forgotten sooner would have its effect again.
        public ValidateOptionsResult Validate(string? name, InboundRetentionOptions options)
        {
            var spans = new (TimeSpan Value, string Key)[]
            {
                (options.KeepRaw, nameof(KeepRaw)), (options.KeepMails, nameof(KeepMails)), (options.KeepReports, nameof(KeepReports)),
            };
            var faults = spans
                .Where(span => span.Value < TimeSpan.FromDays(8)).Select(span => $"{Section}:{span.Key} must be at least eight days.").ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}

/// <summary>Deletes what providers sent once it is of no use any more. What nobody has worked yet stays.</summary>
internal sealed class InboundRetention(NpgsqlDataSource source, IOptions<InboundRetentionOptions> options, TimeProvider time) : IExpiringRows
{
    private const int Batch = 1_000;

    private const string DeleteRaw = """
        DELETE FROM inbound_message WHERE id = ANY (ARRAY (
            SELECT id FROM inbound_message
            WHERE received_at < $1 AND (message_id IS NULL OR channel <> 'email') AND worked_at IS NOT NULL ORDER BY received_at LIMIT $2))
        """;

    private const string DeleteMails = """
        DELETE FROM inbound_message WHERE id = ANY (ARRAY (
            SELECT id FROM inbound_message WHERE received_at < $1 AND worked_at IS NOT NULL ORDER BY received_at LIMIT $2))
        """;

    private const string DeleteReports = """
        DELETE FROM delivery_report WHERE id = ANY (ARRAY (SELECT id FROM delivery_report WHERE received_at < $1 ORDER BY received_at LIMIT $2))
        """;

    public string Task => "delete expired received messages";

    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var (now, keep) = (time.GetUtcNow(), options.Value);
        return await DeleteAsync(DeleteRaw, now - keep.KeepRaw, ct) + await DeleteAsync(DeleteMails, now - keep.KeepMails, ct)
            + await DeleteAsync(DeleteReports, now - keep.KeepReports, ct);
    }

    private async Task<long> DeleteAsync(string sql, DateTimeOffset before, CancellationToken ct)
    {
        for (var deleted = 0L; ;)
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.Add(Sql.Time(before));
            command.Parameters.Add(Sql.Integer(Batch));
            var count = await command.ExecuteNonQueryAsync(ct);
            deleted += count;
            if (count < Batch)
            {
                return deleted;
            }
        }
    }
}
