using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>
/// Takes the links to recordings and voicemails away, and the texts of what was said, once they are kept for long enough, and with them the
/// events that brought them. The call stays.
/// </summary>
internal sealed class RecordingRetention(NpgsqlDataSource source, IGrainFactory grains, IOptions<TelephonyOptions> options, TimeProvider time)
    : ExpiringEntities(source, time)
{
    private readonly NpgsqlDataSource _source = source;

    public override string Task => "forget expired recordings";

    protected override IEnumerable<RetentionSpan> Spans => RetentionSpans.Of(options.Value.KeepRecordings, options.Value.KeepRecordingsOf);

    protected override string SelectOver => """
        SELECT id FROM call
        WHERE (recording_url IS NOT NULL OR voicemail_url IS NOT NULL OR asset IS NOT NULL OR texts <> '{}') AND business_entity IS NOT DISTINCT FROM $1 AND created_at < $2
        ORDER BY created_at LIMIT $3
        """;

    private const string DeleteEvents = "DELETE FROM aircall_event e USING call c WHERE c.id = $1 AND e.call_id = c.call_id";

    protected override async Task<Error?> ExpireAsync(Guid id, CommandContext context, CancellationToken ct)
    {
        // First: the call is not found again once it leads to nothing any more.
        await using var delete = _source.CreateCommand(DeleteEvents);
        delete.Parameters.Add(Sql.Uuid(id));
        await delete.ExecuteNonQueryAsync(ct);
        return (await grains.GetGrain<IEntityGrain<Call>>(id).ExecuteAsync(new ForgetRecording(), context)).Error;
    }
}
