using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Telephony.Aircall;

/// <summary>What of the telephony system is kept for how long: <c>ChargeCars:Telephony</c>.</summary>
public sealed class TelephonyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ChargeCars:Telephony";

    /// <summary>For how long events are kept as they came; the calls that were made of them stay. 90 days.</summary>
    public TimeSpan KeepEvents { get; set; } = TimeSpan.FromDays(90);

    /// <summary>For how long calls lead to recordings and voicemails, and have the text of what was said; for ever where it is left out.</summary>
    public TimeSpan? KeepRecordings { get; set; }

    /// <summary>The same for one of our names, by its word: <c>KeepRecordingsOf:chargecars</c>.</summary>
    public IDictionary<string, TimeSpan> KeepRecordingsOf { get; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    internal sealed class Validator : IValidateOptions<TelephonyOptions>
    {
        // Aircall repeats deliveries for half a day: what is forgotten sooner would have its effect again.
        public ValidateOptionsResult Validate(string? name, TelephonyOptions options) => options.KeepEvents < TimeSpan.FromDays(2)
            ? ValidateOptionsResult.Fail($"{Section}:{nameof(KeepEvents)} must be at least two days.")
            : RetentionSpans.Faults(Section, nameof(KeepRecordings), options.KeepRecordings, options.KeepRecordingsOf).ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;
    }
}

/// <summary>Deletes events of the telephony system, which name callers, once they are of no use any more.</summary>
internal sealed class AircallEventRetention(NpgsqlDataSource source, IOptions<TelephonyOptions> options, TimeProvider time) : IExpiringRows
{
    private const int Batch = 10_000;

    private const string Delete = """
        DELETE FROM aircall_event WHERE id = ANY (ARRAY (SELECT id FROM aircall_event WHERE received_at < $1 ORDER BY received_at LIMIT $2))
        """;

    public string Task => "delete expired telephony events";

    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        for (var deleted = 0L; ;)
        {
            await using var command = source.CreateCommand(Delete);
            command.Parameters.Add(Sql.Time(time.GetUtcNow() - options.Value.KeepEvents));
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
