using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Alerts;

/// <summary>Deletes alerts that ended long ago. The audit keeps that they were.</summary>
internal sealed class AlertRetention(NpgsqlDataSource source, IGrainFactory grains, IOptions<AlertOptions> options, TimeProvider time)
    : ExpiringEntities(source, time)
{
    public override string Task => "delete alerts that ended long ago";

    protected override IEnumerable<RetentionSpan> Spans => RetentionSpans.Of(options.Value.KeepEnded);

    protected override string SelectOver => """
        SELECT id FROM alert WHERE status = 'ended' AND business_entity IS NOT DISTINCT FROM $1 AND ended_at < $2 ORDER BY ended_at LIMIT $3
        """;

    protected override async Task<Error?> ExpireAsync(Guid id, CommandContext context, CancellationToken ct) =>
        // One that is gone or was raised again in the meantime is none of ours.
        (await grains.GetGrain<IEntityGrain<Alert>>(id).ExecuteAsync(new ForgetAlert(), context)).Error is { } fault and not NotFound ? fault : null;
}
