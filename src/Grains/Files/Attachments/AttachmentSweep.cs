using ChargeCars.Platform.Entities;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Files.Attachments;

/// <summary>
/// Takes away what nothing belongs to: uploads that nobody went on with, attachments whose entity is gone, files in the store that no
/// row names, and what a host began to write and did not finish. What it takes is on record. Every host may run it; two that meet
/// find nothing left.
/// </summary>
internal sealed partial class AttachmentSweep(
    AttachmentUploads uploads, AttachmentFiles files, IFileStore store, NpgsqlDataSource source, GroupCommit commits, IGrainFactory grains,
    IOptions<AttachmentOptions> options, TimeProvider time, ILogger<AttachmentSweep> logger) : BackgroundService
{
    private const int Batch = 500;

    private const string Orphans = """
        SELECT a.id FROM attachment a
        WHERE a.created_at < $1 AND NOT CASE a.entity_type
            WHEN 'order' THEN EXISTS (SELECT FROM "order" e WHERE e.id = a.entity_id)
            WHEN 'visit' THEN EXISTS (SELECT FROM visit e WHERE e.id = a.entity_id)
            WHEN 'organization' THEN EXISTS (SELECT FROM organization e WHERE e.id = a.entity_id)
            WHEN 'contact' THEN EXISTS (SELECT FROM contact e WHERE e.id = a.entity_id)
            WHEN 'address' THEN EXISTS (SELECT FROM address e WHERE e.id = a.entity_id)
            WHEN 'product' THEN EXISTS (SELECT FROM product e WHERE e.id = a.entity_id)
            WHEN 'team' THEN EXISTS (SELECT FROM team e WHERE e.id = a.entity_id)
            WHEN 'vehicle' THEN EXISTS (SELECT FROM vehicle e WHERE e.id = a.entity_id)
            WHEN 'installed_charger' THEN EXISTS (SELECT FROM installed_charger e WHERE e.id = a.entity_id)
            WHEN 'communication_thread' THEN EXISTS (SELECT FROM communication_thread e WHERE e.id = a.entity_id)
            WHEN 'communication_message' THEN EXISTS (SELECT FROM communication_message e WHERE e.id = a.entity_id)
            WHEN 'call' THEN EXISTS (SELECT FROM call e WHERE e.id = a.entity_id)
            ELSE true END
        LIMIT 500
        """;

    /// <summary>One run, each part whether or not another failed. How much was taken.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - options.Value.SweepAfter;
        return await TryAsync("uploads that nobody went on with", () => ExpireUploadsAsync(cancellation), cancellation)
            + await TryAsync("attachments whose entity is gone", () => RemoveOrphansAsync(before, cancellation), cancellation)
            + await TryAsync("files that no row names", () => RemoveStraysAsync(before, cancellation), cancellation)
            + await TryAsync("files that were not finished", () => store.DiscardUnfinishedAsync(before, cancellation), cancellation);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunOnceAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<int> ExpireUploadsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var expired = await uploads.ExpiredAsync(now, cancellation);
        foreach (var id in expired)
        {
            foreach (var name in await uploads.ExpireAsync(id, now))
            {
                await files.DiscardAsync(name);
            }
        }

        return expired.Count;
    }

    private async Task<int> RemoveOrphansAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var orphans = new List<Guid>();
        await using (var command = source.CreateCommand(Orphans))
        {
            command.Parameters.Add(Sql.Time(before));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                orphans.Add(row.GetGuid(0));
            }
        }

        foreach (var id in orphans)
        {
            await grains.GetGrain<IEntityGrain<Attachment>>(id).ExecuteAsync(new RemoveOrphan(), new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System));
        }

        return orphans.Count;
    }

    private async Task<int> RemoveStraysAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var (batch, count) = (new List<string>(Batch), 0);
        await foreach (var name in store.ListAsync(AttachmentFiles.Folder, before, cancellation))
        {
            batch.Add(name);
            if (batch.Count == Batch)
            {
                count += await RemoveUnknownAsync(batch, cancellation);
                batch.Clear();
            }
        }

        return count + await RemoveUnknownAsync(batch, cancellation);
    }

    private async Task<int> RemoveUnknownAsync(List<string> names, CancellationToken cancellation)
    {
        var unknown = await uploads.UnknownAsync(names, cancellation);
        foreach (var name in unknown)
        {
            await store.DeleteAsync(name, cancellation);
            await RecordAsync(name);
        }

        return unknown.Count;
    }

    // There is no row to audit: the name in the store is all that was known of it.
    private async Task RecordAsync(string name)
    {
        var now = time.GetUtcNow();
        var (id, context) = (NameBasedId.Of($"file/{name}"), new CommandContext(Guid.CreateVersion7(now), Actor.System));
        var audit = new AuditEntry(
            "attachment", id, "DELETE", RowJson.ForRow(new { StoredName = name }).Text, null, "No attachment named this file of the store", AuditEntry.ContextOf(context, version: 0), now);
        await commits.CommitAsync(new StatementCommit<bool>(id, context.CommandId, audit.Alone(context), static async (row, ct) => await row.ReadAsync(ct)));
    }

    private async Task<int> TryAsync(string what, Func<Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            var count = await run();
            if (count > 0)
            {
                LogTaken(logger, what, count);
            }

            return count;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, what, fault);
            return 0;
        }
    }

    [LoggerMessage(LogLevel.Information, "The sweep of files took {What}: {Count}")]
    private static partial void LogTaken(ILogger logger, string what, int count);

    [LoggerMessage(LogLevel.Error, "The sweep of files could not take {What}; tried again at the next one")]
    private static partial void LogFailed(ILogger logger, string what, Exception fault);
}
