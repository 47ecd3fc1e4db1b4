using System.Text.Json;
using ChargeCars.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Vehicles.Motion;

/// <summary>
/// Writes how far vehicles are folded, many in one statement. It only shortens what an activation after a crash reads, so
/// a row that another writer holds or has changed is passed over: that vehicle offers again.
/// </summary>
internal sealed partial class MotionCheckpoints(
    NpgsqlDataSource source, TimeProvider time, IOptions<MotionOptions> options, ILogger<MotionCheckpoints> logger) : BackgroundService
{
    private const int ChunkSize = 1_000;

    private const string Update = """
        WITH offered AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[]) AS o(id, version, state)),
        free AS MATERIALIZED (
            SELECT m.vehicle_id FROM vehicle_motion m JOIN offered o ON o.id = m.vehicle_id AND o.version = m.version
            ORDER BY m.vehicle_id FOR NO KEY UPDATE OF m SKIP LOCKED)
        UPDATE vehicle_motion m SET state = o.state
        FROM offered o JOIN free ON free.vehicle_id = o.id
        WHERE m.vehicle_id = o.id AND m.version = o.version
        """;

    private readonly Lock _lock = new();
    private Dictionary<Guid, (long Version, MotionState State)> _offered = [];

    public void Offer(Guid vehicleId, long version, in MotionState state)
    {
        lock (_lock)
        {
            _offered[vehicleId] = (version, state);
        }
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        Dictionary<Guid, (long Version, MotionState State)> taken;
        lock (_lock)
        {
            (taken, _offered) = (_offered, []);
        }

        foreach (var chunk in taken.Chunk(ChunkSize))
        {
            await using var command = source.CreateCommand(Update);
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, Array.ConvertAll(chunk, one => one.Key)));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Bigint, Array.ConvertAll(chunk, one => one.Value.Version)));
            command.Parameters.Add(Sql.Array(
                NpgsqlDbType.Jsonb, Array.ConvertAll(chunk, one => JsonSerializer.Serialize(one.Value.State, RowJson.Options))));
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckpointInterval / 4, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
            {
                LogNotWritten(logger, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "How far vehicles are folded is not written; they offer it again")]
    private static partial void LogNotWritten(ILogger logger, Exception fault);
}
