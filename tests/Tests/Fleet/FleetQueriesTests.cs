using ChargeCars.Fleet;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Tests.Fleet;

public sealed class FleetQueriesTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    [Fact]
    public async Task Then_OfAPastMoment_GivesTheLastFixAndStatusBeforeIt()
    {
        var vehicle = await VehicleAsync(createdAt: -86_400);
        await TransitionAsync(vehicle, -7_200, "driving");
        await TransitionAsync(vehicle, -3_600, "on_site", visit: Guid.Empty);
        await StoreAsync(vehicle, Fixes.At(-7_000, 52.1), Fixes.At(-3_650, 52.2), Fixes.At(-10, 52.3));

        var (earlier, later) = (await OneAsync(vehicle, -3_700), await OneAsync(vehicle, -3_500));

        Assert.Equal((52.1, VehicleStatus.Driving, Freshness.Offline), (earlier.CurrentLocation!.Latitude, earlier.OperationalStatus, earlier.Freshness));
        Assert.Equal((52.2, VehicleStatus.OnSite, Freshness.Stale), (later.CurrentLocation!.Latitude, later.OperationalStatus, later.Freshness));
        Assert.Equal((Guid.Empty, Fixes.Noon.AddSeconds(-3_650)), (later.CurrentVisitId!.Value, later.LastLocationUpdate!.Value));
    }

    [Fact]
    public async Task Then_AtAFixesOwnTime_IncludesIt()
    {
        var vehicle = await VehicleAsync(createdAt: -86_400);
        await StoreAsync(vehicle, Fixes.At(-600, 52.5));

        Assert.Equal(Freshness.Live, (await OneAsync(vehicle, -600)).Freshness);
        Assert.Null((await OneAsync(vehicle, -601)).CurrentLocation);
    }

    [Fact]
    public async Task Then_OfAVehicleThatWasNotThereYet_LeavesItOutUnlessItWasHeardOf()
    {
        var (later, imported) = (await VehicleAsync(createdAt: -60), await VehicleAsync(createdAt: -60));
        await StoreAsync(imported, Fixes.At(-4_000));

        var vehicles = (await Queries().ThenAsync(Fixes.Noon.AddSeconds(-3_600), CancellationToken.None)).Items;

        Assert.DoesNotContain(vehicles, vehicle => vehicle.Id == later);
        Assert.Null(Assert.Single(vehicles, vehicle => vehicle.Id == imported).OperationalStatus);
    }

    [Fact]
    public async Task Then_OfAVehicleThatWasSilent_LooksInEarlierDays()
    {
        var vehicle = await VehicleAsync(createdAt: -86_400 * 3);
        await StoreAsync(vehicle, Fixes.At(-86_400 * 2, 52.4)); // in an earlier partition

        var then = await OneAsync(vehicle, 0);
        Assert.Equal((52.4, Freshness.Offline), (then.CurrentLocation!.Latitude, then.Freshness));
        Assert.Equal((null, Freshness.Unknown), await BeyondLookBackAsync(vehicle));
    }

    [Fact]
    public async Task Then_OfAVehicleThatWasSilentForLongAndCameBack_FindsItByItsTrips()
    {
        var vehicle = await VehicleAsync(createdAt: -86_400 * 4);
        await StoreAsync(vehicle, Fixes.At(-86_400 * 3, 52.3), Fixes.At(-86_400 * 2, 52.4), Fixes.At(60, 52.9));
        await StopAsync(vehicle, -86_400 * 3, 30);
        await StopAsync(vehicle, 30, null);

        Assert.Equal((52.4, Freshness.Offline), await BeyondLookBackAsync(vehicle));
    }

    [Fact]
    public async Task Then_OfAVehicleThatHasBeenSilentSince_IsWhereItsRowHasIt()
    {
        var vehicle = await VehicleAsync(createdAt: -86_400 * 90);
        await ExecuteAsync(
            "UPDATE vehicle SET last_location_update = $2, current_location = '{\"latitude\": 52.7, \"longitude\": 5.1}' WHERE id = $1",
            Sql.Uuid(vehicle), Sql.Time(Fixes.Noon.AddDays(-60)));

        var then = await OneAsync(vehicle, 0);
        Assert.Equal((52.7, Fixes.Noon.AddDays(-60), Freshness.Offline), (then.CurrentLocation!.Latitude, then.LastLocationUpdate!.Value, then.Freshness));
        Assert.Null((await OneAsync(vehicle, -86_400 * 61)).CurrentLocation);
    }

    [Fact]
    public async Task Then_OfAnyHistoryAndMoment_IsTheLastFixAndStatusByThen()
    {
        const int Day = 86_400;
        string[] words = ["parked", "driving", "on_site", "maintenance"];
        var random = new Random(20260302);
        var fleet = new List<(Guid Id, int Created, int[] Fixes, (int At, string To)[] Statuses)>();
        for (var i = 0; i < 25; i++)
        {
            var created = -random.Next(Day * 2);
            var seconds = Enumerable.Range(0, random.Next(9)).Select(_ => -random.Next(10, Day * 2)).Distinct().ToArray();
            var statuses = Enumerable.Range(0, random.Next(6)).Select(_ => created + random.Next(Day)).Distinct()
                .Select(at => (at, words[random.Next(4)])).ToArray();
            var vehicle = await VehicleAsync(created);
            await StoreAsync(vehicle, [.. seconds.Select(second => Fixes.At(second, LatitudeAt(second)))]);
            foreach (var (at, to) in statuses)
            {
                await TransitionAsync(vehicle, at, to);
            }

            fleet.Add((vehicle, created, seconds, statuses));
        }

        var moments = fleet.SelectMany(one => one.Fixes.Concat([one.Created]).Concat(one.Statuses.Select(status => status.At)))
            .Where(second => second <= 0).OrderBy(_ => random.Next()).Take(30).Concat(Enumerable.Range(0, 10).Select(_ => -random.Next(Day * 2)));
        foreach (var moment in moments)
        {
            var told = (await Queries(new() { LookBack = TimeSpan.FromDays(1) }).ThenAsync(Fixes.Noon.AddSeconds(moment), CancellationToken.None))
                .Items.ToDictionary(item => item.Id);
            foreach (var one in fleet)
            {
                var fix = one.Fixes.Where(second => second <= moment && second > moment - Day).Select(second => (int?)second).Max();
                Assert.Equal(fix is not null || one.Created <= moment, told.TryGetValue(one.Id, out var then));
                if (then is not null)
                {
                    var status = one.Statuses.Where(status => status.At <= moment).OrderBy(status => status.At).Select(status => status.To).LastOrDefault();
                    Assert.Equal(fix is { } at ? (LatitudeAt(at), Fixes.Noon.AddSeconds(at)) : ((double?)null, (DateTimeOffset?)null), (then.CurrentLocation?.Latitude, then.LastLocationUpdate));
                    Assert.Equal(status, then.OperationalStatus is { } word ? WireText.Of(word) : null);
                    Assert.Equal(database.Limits.FreshnessOf(then.LastLocationUpdate, Fixes.Noon.AddSeconds(moment)), then.Freshness);
                }
            }
        }

        static double LatitudeAt(int second) => 52 + (second / 1e6);
    }

    [Fact]
    public async Task Now_GivesTheRowsOfAllVehicles()
    {
        var vehicle = await VehicleAsync(createdAt: -60);
        await ExecuteAsync("""
            UPDATE vehicle SET last_location_update = $2, operational_status = 'maintenance',
                current_location = '{"latitude": 52.7, "longitude": 5.1, "accuracy_meters": 8, "speed_kmh": 12.5, "heading_degrees": 90}'
            WHERE id = $1
            """, Sql.Uuid(vehicle), Sql.Time(Fixes.Noon.AddSeconds(-90)));

        var now = Assert.Single((await Queries().NowAsync(Fixes.Noon, null, CancellationToken.None)).Items, item => item.Id == vehicle);

        Assert.Equal(
            (new Location(52.7, 5.1, 8, 12.5, 90, null), VehicleStatus.Maintenance, Freshness.Stale),
            (now.CurrentLocation!, now.OperationalStatus, now.Freshness));
    }

    [Fact]
    public async Task Track_OfAStretch_IsOnePositionAStepInsideTheArea()
    {
        var (near, far) = (await VehicleAsync(createdAt: -86_400), await VehicleAsync(createdAt: -86_400));
        await StoreAsync(near, [.. Enumerable.Range(-1, 120).Select(second => Fixes.At(-50_000 + second, 51.0, 4.0))]);
        await StoreAsync(far, [.. Enumerable.Range(0, 20).Select(second => Fixes.At(-50_000 + second, 53.0, 6.5))]);
        await TransitionAsync(near, -49_990, "driving");
        var start = Fixes.Noon.AddSeconds(-50_000);

        var all = await Tracks().ReadAsync(start, start.AddSeconds(60), TimeSpan.FromSeconds(10), null, CancellationToken.None);
        var inside = await Tracks().ReadAsync(start, start.AddSeconds(60), TimeSpan.FromSeconds(10), new(50.9, 3.9, 51.1, 4.1), CancellationToken.None);
        var crowded = await Tracks(new() { MostTrackPoints = 1 }).ReadAsync(start, start.AddSeconds(60), TimeSpan.FromSeconds(10), null, CancellationToken.None);

        Assert.Equal(new[] { near, far }.Order(), all.Items.Select(track => track.VehicleId).Order());
        var track = Assert.Single(inside.Items);
        Assert.Equal(near, track.VehicleId);
        Assert.Equal([0, 10, 20, 30, 40, 50], track.Points.Select(point => point[0]!.Value));
        Assert.Equal([0, 51, 4, 50, 90], track.Points[0].Select(value => value!.Value));
        Assert.Equal([new StatusMoment(Fixes.Noon.AddSeconds(-49_990), VehicleStatus.Driving)], track.Statuses);
        Assert.True(crowded.StepSeconds >= 60);
        Assert.All(crowded.Items, one => Assert.Single(one.Points));
    }

    [Fact]
    public async Task Track_OfAVehicleThatWasSilent_TellsItsChangesOfStatus()
    {
        var silent = await VehicleAsync(createdAt: -86_400);
        await StoreAsync(silent, Fixes.At(-45_000, 51.0, 4.0));
        await TransitionAsync(silent, -40_010, "driving");
        await TransitionAsync(silent, -40_000, "maintenance");
        await TransitionAsync(silent, -39_940, "parked");
        var start = Fixes.Noon.AddSeconds(-40_000);

        var stretch = await Tracks().ReadAsync(start, start.AddSeconds(60), TimeSpan.FromSeconds(10), null, CancellationToken.None);

        var track = Assert.Single(stretch.Items);
        Assert.Equal((silent, 0), (track.VehicleId, track.Points.Count));
        Assert.Equal([new StatusMoment(start, VehicleStatus.Maintenance)], track.Statuses);
    }

    private FleetQueries Queries(FleetOptions? options = null) =>
        new(database.Source, Options.Create(database.Limits), Options.Create(options ?? new()));

    private FleetTracks Tracks(FleetOptions? options = null) => new(database.Source, Options.Create(options ?? new()));

    private async Task<FleetVehicle> OneAsync(Guid vehicle, double second) =>
        Assert.Single((await Queries().ThenAsync(Fixes.Noon.AddSeconds(second), CancellationToken.None)).Items, item => item.Id == vehicle);

    private async Task<(double? Latitude, Freshness Freshness)> BeyondLookBackAsync(Guid vehicle)
    {
        var then = await Queries(new() { LookBack = TimeSpan.FromDays(1) }).ThenAsync(Fixes.Noon, CancellationToken.None);
        var one = Assert.Single(then.Items, item => item.Id == vehicle);
        return (one.CurrentLocation?.Latitude, one.Freshness);
    }

    private Task StopAsync(Guid vehicle, double startedAt, double? endedAt) => ExecuteAsync(
        """
        INSERT INTO vehicle_trip (vehicle_id, started_at, kind, ended_at, start_latitude, start_longitude, place_latitude, place_longitude, distance, decided_at, decided_source)
        VALUES ($1, $2, 'stop', $3, 52, 5, 52, 5, 0, $2, 'api')
        """,
        Sql.Uuid(vehicle), Sql.Time(Fixes.Noon.AddSeconds(startedAt)), Sql.Time(endedAt is { } end ? Fixes.Noon.AddSeconds(end) : null));

    private async Task<Guid> VehicleAsync(double createdAt)
    {
        var id = await database.AddVehicleAsync($"T-{Guid.NewGuid().ToString("N")[..8]}");
        await ExecuteAsync("UPDATE vehicle SET created_at = $2 WHERE id = $1", Sql.Uuid(id), Sql.Time(Fixes.Noon.AddSeconds(createdAt)));
        return id;
    }

    private async Task StoreAsync(Guid vehicle, params PositionFix[] fixes)
    {
        await using var writer = database.Writer();
        await writer.StartAsync(CancellationToken.None);
        await writer.WriteAsync(new(vehicle, fixes, suspect: false, live: null, Fixes.Noon));
    }

    private Task TransitionAsync(Guid vehicle, double second, string to, Guid? visit = null) => ExecuteAsync(
        """
        INSERT INTO status_transition (id, entity_type, entity_id, to_status, business_context, created_at)
        VALUES (gen_random_uuid(), 'vehicle', $1, $3, CASE WHEN $4::uuid IS NOT NULL THEN jsonb_build_object('visit_id', $4::uuid) END, $2)
        """,
        Sql.Uuid(vehicle), Sql.Time(Fixes.Noon.AddSeconds(second)), Sql.Text(to), Sql.Uuid(visit));

    private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }
}
