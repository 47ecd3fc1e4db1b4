using System.Runtime.CompilerServices;
using System.Text.Json;
using ChargeCars.Alerts;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>What is on disk of a vehicle's motion.</summary>
/// <param name="Version">Raised with every change of its legs; 0 before the first.</param>
/// <param name="State">The fold's memory; null before the first fix, and JSON's null once all fixes were taken away.</param>
/// <param name="Uncounted">Metres driven that are not in its mileage yet.</param>
internal sealed record MotionCheckpoint(long Version, MotionState? State, double Uncounted)
{
    public static MotionCheckpoint None { get; } = new(0, null, 0);
}

/// <summary>Fixes that came after later ones had been folded.</summary>
/// <param name="Marks">The rows that say so.</param>
/// <param name="First">The fix time of the first.</param>
/// <param name="Last">The fix time of the last.</param>
internal sealed record LateFixes(long[] Marks, DateTimeOffset First, DateTimeOffset Last);

/// <summary>Reads and writes motion: the checkpoint, the legs, the fixes that they are folded from.</summary>
internal sealed class MotionStore(NpgsqlDataSource source, GroupCommit commits)
{
    private const int PageSize = 5_000;

    private const string LegColumns = """
        vehicle_id, started_at, kind, ended_at, start_latitude, start_longitude, start_odometer, end_latitude, end_longitude,
        end_odometer, place_latitude, place_longitude, distance, top_speed, decided_at, decided_source
        """;

    // Legs that change are written over and those that are no more deleted: no row is touched twice in one statement.
    private static readonly string Save = $"""
        WITH saved AS (
            INSERT INTO vehicle_motion (vehicle_id, version, state, uncounted) VALUES ($2, $3, $4, $5)
            ON CONFLICT (vehicle_id) DO UPDATE SET version = excluded.version, state = excluded.state, uncounted = excluded.uncounted
            WHERE vehicle_motion.version = excluded.version - 1
            RETURNING 1),
        gone AS (
            DELETE FROM vehicle_trip t USING saved
            WHERE t.vehicle_id = $2 AND t.started_at >= $6 AND t.started_at < $7 AND t.started_at <> ALL($9)),
        repaired AS (DELETE FROM vehicle_late_fix f USING saved WHERE f.id = ANY($8)),
        written AS (
            INSERT INTO vehicle_trip ({LegColumns})
            SELECT $2, legs.* FROM saved CROSS JOIN unnest($9::timestamptz[], $10::text[], $11::timestamptz[], $12::float8[],
                $13::float8[], $14::float8[], $15::float8[], $16::float8[], $17::float8[], $18::float8[], $19::float8[],
                $20::float8[], $21::float8[], $22::timestamptz[], $23::text[]) AS legs
            ON CONFLICT (vehicle_id, started_at) DO UPDATE SET
                kind = excluded.kind, ended_at = excluded.ended_at, start_latitude = excluded.start_latitude,
                start_longitude = excluded.start_longitude, start_odometer = excluded.start_odometer,
                end_latitude = excluded.end_latitude, end_longitude = excluded.end_longitude,
                end_odometer = excluded.end_odometer, place_latitude = excluded.place_latitude,
                place_longitude = excluded.place_longitude, distance = excluded.distance, top_speed = excluded.top_speed,
                decided_at = excluded.decided_at, decided_source = excluded.decided_source)
        SELECT {Commit.SayApplied("$1")} FROM saved
        """;

    private const string SelectAnchor =
        "SELECT max(decided_at) FROM vehicle_trip WHERE vehicle_id = $1 AND kind = 'stop' AND decided_at < $2";

    private const string SelectLegs = $"SELECT {LegColumns} FROM vehicle_trip WHERE vehicle_id = $1 AND decided_at >= $2 ORDER BY started_at";

    // By the bytes of the source, as FixOrder compares.
    private const string SelectFixes = $"""
        SELECT {PositionHistory.Fields} FROM vehicle_position
        WHERE vehicle_id = $1 AND fix_time >= $2 AND (fix_time > $2 OR source COLLATE "C" > $3 COLLATE "C")
        ORDER BY fix_time, source COLLATE "C" LIMIT $4
        """;

    public async Task<MotionCheckpoint> LoadAsync(Guid vehicleId)
    {
        await using var command = source.CreateCommand("SELECT version, state, uncounted FROM vehicle_motion WHERE vehicle_id = $1");
        command.Parameters.Add(Sql.Uuid(vehicleId));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? ReadCheckpoint(row, 0) : MotionCheckpoint.None;
    }

    /// <summary>The three columns <c>version, state, uncounted</c> from a column on.</summary>
    public static MotionCheckpoint ReadCheckpoint(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), JsonSerializer.Deserialize<MotionState?>(row.GetString(first + 1), RowJson.Options), row.GetDouble(first + 2));

    /// <summary>The fixes that came late and are not in the legs yet; null where there is none.</summary>
    public async Task<LateFixes?> LateAsync(Guid vehicleId)
    {
        await using var command = source.CreateCommand(
            "SELECT array_agg(id), min(first_fix), max(last_fix) FROM vehicle_late_fix WHERE vehicle_id = $1");
        command.Parameters.Add(Sql.Uuid(vehicleId));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.Optional<long[]>(0) is { } marks
            ? new(marks, row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    /// <summary>The legs from the last stop on that was decided before a moment; empty where there is none.</summary>
    public async Task<List<Leg>> LegsAroundAsync(Guid vehicleId, DateTimeOffset moment)
    {
        await using var find = source.CreateCommand(SelectAnchor);
        find.Parameters.Add(Sql.Uuid(vehicleId));
        find.Parameters.Add(Sql.Time(moment));
        var anchor = await find.ExecuteScalarAsync() is DateTime at ? new DateTimeOffset(at) : (DateTimeOffset?)null;
        await using var command = source.CreateCommand(SelectLegs);
        command.Parameters.Add(Sql.Uuid(vehicleId));
        command.Parameters.Add(Sql.Time(anchor ?? DateTimeOffset.MinValue));
        var legs = new List<Leg>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            legs.Add(ReadLeg(row));
        }

        return legs;
    }

    /// <summary>Every fix on disk after one, in the order of the fold.</summary>
    public async IAsyncEnumerable<PositionFix> FixesAfterAsync(
        Guid vehicleId, FixKey after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var read = PageSize;
        while (read == PageSize)
        {
            read = 0;
            await using var command = source.CreateCommand(SelectFixes);
            command.Parameters.Add(Sql.Uuid(vehicleId));
            command.Parameters.Add(Sql.Time(after.FixTime));
            command.Parameters.Add(Sql.Text(after.Source));
            command.Parameters.Add(Sql.Integer(PageSize));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                var fix = PositionHistory.Read(row).Fix;
                after = new(fix.FixTime, fix.Source);
                read++;
                yield return fix;
            }
        }
    }

    /// <summary>One transaction. False: another activation has changed the vehicle's motion, and nothing was written.</summary>
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="commitId">The change's id.</param>
    /// <param name="turn">The change.</param>
    /// <param name="next">What is on disk after it.</param>
    /// <param name="follow">What the vehicle must do because of it; null for nothing.</param>
    /// <param name="now">When, UTC.</param>
    public Task<bool> SaveAsync(Guid vehicleId, Guid commitId, MotionTurn turn, MotionCheckpoint next, FollowMotion? follow, DateTimeOffset now)
    {
        var legs = WithoutEmpty(turn.Legs);
        var statement = new NpgsqlBatchCommand(Save)
        {
            Parameters =
            {
                Sql.Uuid(commitId), Sql.Uuid(vehicleId), Sql.Bigint(next.Version),
                Sql.Jsonb(JsonSerializer.Serialize(next.State, RowJson.Options)),
                new() { NpgsqlDbType = NpgsqlDbType.Double, Value = next.Uncounted },
                Sql.Time(turn.From), Sql.Time(turn.Until ?? DateTimeOffset.MaxValue), Sql.Array(NpgsqlDbType.Bigint, turn.Repaired),
                Times(leg => leg.Start.Time), Texts(leg => leg.IsTrip ? "trip" : "stop"),
                Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(legs, leg => leg.End?.Time)),
                Numbers(leg => leg.Start.Latitude), Numbers(leg => leg.Start.Longitude), Numbers(leg => leg.Start.OdometerKm),
                Numbers(leg => leg.End?.Latitude), Numbers(leg => leg.End?.Longitude), Numbers(leg => leg.End?.OdometerKm),
                Numbers(leg => leg.Place.Latitude), Numbers(leg => leg.Place.Longitude), Numbers(leg => leg.Meters), Numbers(leg => leg.TopKmh),
                Times(leg => leg.DecidedBy.FixTime), Texts(leg => leg.DecidedBy.Source),
            },
        };
        return commits.CommitAsync(new StatementCommit<bool>(
            vehicleId, commitId, statement, static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes = turn.News,
            Due =
            [
                .. Follows().Select((due, ordinal) => NewDueCommand.Of(due, ordinal, "vehicle", vehicleId, new CommandContext(commitId, Actor.System), now)),
            ],
        });

        IEnumerable<DueCommand> Follows()
        {
            if (follow is not null)
            {
                yield return new(vehicleId, follow);
            }

            if (turn.News.LastOrDefault(change => change.Type == MotionNews.OverspeedType) is { } fast)
            {
                var alert = MotionNews.AlertOf(vehicleId, fast);
                yield return new(alert.AlertId, new RaiseAlert(alert));
            }
        }

        // A van that leaves with the very fix that had it stand: the leg between took no time and is none.
        static Leg[] WithoutEmpty(IReadOnlyList<Leg> legs) =>
            [.. legs.Where((leg, i) => i == legs.Count - 1 || legs[i + 1].Start.Time != leg.Start.Time)];

        NpgsqlParameter Times(Converter<Leg, DateTimeOffset> value) => Sql.Array(NpgsqlDbType.TimestampTz, Array.ConvertAll(legs, value));
        NpgsqlParameter Texts(Converter<Leg, string> value) => Sql.Array(NpgsqlDbType.Text, Array.ConvertAll(legs, value));
        NpgsqlParameter Numbers(Converter<Leg, double?> value) => Sql.Array(NpgsqlDbType.Double, Array.ConvertAll(legs, value));
    }

    private static Leg ReadLeg(NpgsqlDataReader row)
    {
        var isTrip = row.GetString(2) == "trip";
        return new(
            isTrip, new(row.GetFieldValue<DateTimeOffset>(1), row.GetDouble(4), row.GetDouble(5), row.OptionalValue<double>(6), 0, 0),
            new(row.GetDouble(10), row.GetDouble(11)), new(row.GetFieldValue<DateTimeOffset>(14), row.GetString(15)),
            row.OptionalValue<DateTimeOffset>(3) is { } end
                ? new(end, row.GetDouble(7), row.GetDouble(8), row.OptionalValue<double>(9), row.GetDouble(12), row.OptionalValue<double>(13) ?? 0)
                : null);
    }
}
