using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>Takes the links to recordings and voicemails away once they are kept for long enough, of each of our names by its own time. The call stays.</summary>
internal sealed class RecordingRetention(NpgsqlDataSource source, IGrainFactory grains, IOptions<TelephonyOptions> options, TimeProvider time) : IExpiringRows
{
    private const int Batch = 200;

    private const string SelectOver = """
        SELECT id FROM call
        WHERE (recording_url IS NOT NULL OR voicemail_url IS NOT NULL OR asset IS NOT NULL) AND business_entity IS NOT DISTINCT FROM $1 AND created_at < $2
        ORDER BY created_at LIMIT $3
        """;

    public string Task => "forget expired recordings";

    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var forgotten = 0L;
        foreach (var (entity, keep) in MessageRetentionOptions.Spans(options.Value.KeepRecordings, options.Value.KeepRecordingsOf))
        {
            for (var count = Batch; count == Batch; forgotten += count)
            {
                var over = await OverAsync(entity, time.GetUtcNow() - keep, ct);
                count = over.Count;
                foreach (var call in over)
                {
                    var context = new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System);
                    // Who has no time now has it in an hour.
                    if (!(await grains.GetGrain<IEntityGrain<Call>>(call).ExecuteAsync(new ForgetRecording(), context)).Succeeded)
                    {
                        return forgotten;
                    }
                }
            }
        }

        return forgotten;
    }

    private async Task<List<Guid>> OverAsync(BusinessEntity? entity, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = source.CreateCommand(SelectOver);
        command.Parameters.Add(Sql.Word(entity));
        command.Parameters.Add(Sql.Time(before));
        command.Parameters.Add(Sql.Integer(Batch));
        await using var row = await command.ExecuteReaderAsync(ct);
        var calls = new List<Guid>();
        while (await row.ReadAsync(ct))
        {
            calls.Add(row.GetGuid(0));
        }

        return calls;
    }
}
