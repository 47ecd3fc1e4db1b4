using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>Takes the links to recordings and voicemails away, and the texts of what was said, once they are kept for long enough. The call stays.</summary>
internal sealed class RecordingRetention(NpgsqlDataSource source, IGrainFactory grains, IOptions<TelephonyOptions> options, TimeProvider time)
    : ExpiringEntities(source, time)
{
    public override string Task => "forget expired recordings";

    protected override IEnumerable<RetentionSpan> Spans => RetentionSpans.Of(options.Value.KeepRecordings, options.Value.KeepRecordingsOf);

    protected override string SelectOver => """
        SELECT id FROM call
        WHERE (recording_url IS NOT NULL OR voicemail_url IS NOT NULL OR asset IS NOT NULL OR texts <> '{}') AND business_entity IS NOT DISTINCT FROM $1 AND created_at < $2
        ORDER BY created_at LIMIT $3
        """;

    protected override async Task<Error?> ExpireAsync(Guid id, CommandContext context, CancellationToken ct) =>
        (await grains.GetGrain<IEntityGrain<Call>>(id).ExecuteAsync(new ForgetRecording(), context)).Error;
}
