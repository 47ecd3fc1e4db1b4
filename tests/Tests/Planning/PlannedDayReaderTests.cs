using System.Text.Json;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Tests.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Planning;

/// <summary>What the planner is given of a day: who works when, from where, with what.</summary>
public sealed class PlannedDayReaderTests : IAsyncLifetime, IDisposable
{
    // A Saturday.
    private static readonly DateOnly Day = new(2027, 5, 8);
    private static readonly Guid Van = Guid.Parse("00000000-0000-7000-8000-0000000000a1");
    private static readonly Guid Other = Guid.Parse("00000000-0000-7000-8000-0000000000a2");
    private static readonly Guid Order = Guid.Parse("00000000-0000-7000-8000-0000000000b1");
    private static readonly Guid Visit = Guid.Parse("00000000-0000-7000-8000-0000000000c1");
    private static readonly Guid Product = Guid.Parse("00000000-0000-7000-8000-0000000000d1");

    private readonly FakeTimeProvider _time = new(At(10));
    private readonly PlanningOptions _options = new();
    private TestDatabase _database = null!;
    private BusinessCalendars _calendars = null!;
    private PlannedDayReader _days = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await RunAsync($"""
            CREATE TABLE vehicle_position_of_the_test PARTITION OF vehicle_position DEFAULT;
            INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ('{Van}', 'V-1', 'van'), ('{Other}', 'V-2', 'van');
            INSERT INTO "order" (id, order_number, business_entity) VALUES ('{Order}', 'O-1', 'laderthuis');
            INSERT INTO visit (id, number, order_id, business_entity, visit_type, status, vehicle_id, scheduled_start, scheduled_end)
            VALUES ('{Visit}', 'V-1', '{Order}', 'laderthuis', 'install', 'scheduled', '{Van}', '{At(11):O}', '{At(12):O}');
            """);
        _calendars = new(_database.DataSource, TimeProvider.System, NullLogger<BusinessCalendars>.Instance);
        _days = new(_database.DataSource, _calendars, new(_database.DataSource, _time), Options.Create(_options), _time);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _calendars.Dispose();

    [Fact]
    public async Task Hours_OfAVanWithoutATeam_AreThoseOfTheVisitsBusinessEntity_WithTheirBreaks()
    {
        var saturday = new CalendarSettings { Hours = new() { Saturday = [new(new(9, 0), new(12, 0)), new(new(12, 30), new(16, 0))] } };
        await RunAsync($"UPDATE business_entity SET calendar = '{JsonSerializer.Serialize(saturday, RowJson.Options)}' WHERE entity_code = 'laderthuis'");
        await _calendars.RefreshAsync(CancellationToken.None);

        var day = await ReadAsync(Day);

        var crew = day.CrewOf(null, Van, BusinessEntity.Laderthuis)!;
        Assert.Equal(new TimeRange(At(9), At(16)), crew.Hours);
        Assert.Equal([new CrewBreak(At(12), At(12.5), 30)], crew.Breaks);
        Assert.Null(day.CrewOf(null, Van, BusinessEntity.Chargecars)!.Hours);
        Assert.All(day.CrewsFor(BusinessEntity.Laderthuis), one => Assert.NotNull(one.Hours));
    }

    [Theory]
    [InlineData(0)] // today
    [InlineData(3)] // a day to come: as it stood last night
    public async Task StartPlace_IsWhereTheVanSpentTheNight_AndHiddenFromWhoMayNotSeePlaces(int later)
    {
        await SeenAsync(Van, At(-60), 53.2);
        await SeenAsync(Van, At(-2), 52.2);
        await SeenAsync(Van, At(8), 51.5);
        await SeenAsync(Other, At(-120), 53.2);

        var day = await ReadAsync(Day.AddDays(later));

        Assert.Equal(new MapPoint(52.2, 5.1), day.CrewOf(null, Van, null)!.StartPlace);
        Assert.Null(day.CrewOf(null, Other, null)!.StartPlace);
        Assert.Null(day.WithoutPlaces().CrewOf(null, Van, null)!.StartPlace);
        Assert.Equal(TimeSpan.FromMinutes(_options.FarMinutes), day.CrewOf(null, Van, null)!.EarlyStart);
    }

    [Theory]
    [InlineData(0, 3)] // today it must be on the van
    [InlineData(1, 1)] // a warehouse keeps two of them, and there is a night to load them
    public async Task Parts_ThatTheOrderNeeds_AreSoughtOnTheVans(int later, int needed)
    {
        var (shed, onVan) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await RunAsync($"""
            INSERT INTO product (id, name) VALUES ('{Product}', 'Zaptec Go 2');
            INSERT INTO stock_place (id, name, place_type, vehicle_id) VALUES ('{shed}', 'Shed', 'warehouse', NULL), ('{onVan}', 'Van', 'vehicle', '{Van}');
            INSERT INTO stock_balance (id, product_id, place_id, on_hand, reserved, serials)
            VALUES ('{Guid.CreateVersion7()}', '{Product}', '{shed}', 9, 2, 0), ('{Guid.CreateVersion7()}', '{Product}', '{onVan}', 5, 4, 0);
            INSERT INTO stock_reservation (id, product_id, place_id, quantity, owner_type, owner_id, order_id, state, wanted, used)
            VALUES ('{Guid.CreateVersion7()}', '{Product}', '{shed}', 2, 'line_item', '{Guid.CreateVersion7()}', '{Order}', 'held', 4, 1);
            """);

        var day = await ReadAsync(Day.AddDays(later));

        Assert.Equal([new RequiredPart(Product, "Zaptec Go 2", needed)], day.Visits.Single(visit => visit.Id == Visit).RequiredParts);
        Assert.Equal(1, day.CrewOf(null, Van, null)!.Vehicle!.Stock![Product]);
        Assert.Null(day.CrewOf(null, Other, null)!.Vehicle!.Stock);
    }

    [Fact]
    public async Task Equipment_FollowsFromTheTypeOfTheVisit()
    {
        _options.Equipment[VisitType.Install] = [EquipmentCategory.Measurement];

        var day = await ReadAsync(Day);

        Assert.Equal([EquipmentCategory.Measurement], day.Visits.Single().RequiredEquipment);
    }

    /// <summary>Work that goes on over midnight is work of the new day as well: its van is watched, its end is told.</summary>
    [Theory]
    [InlineData("en_route", 1)]
    [InlineData("on_site", 1)]
    [InlineData("scheduled", 0)]
    public async Task Forecast_AfterMidnight_HasWhatIsStillUnderWay(string status, int expected)
    {
        await RunAsync($"UPDATE visit SET status = '{status}', scheduled_start = '{At(22):O}', scheduled_end = '{At(24):O}', en_route_at = '{At(22):O}'");
        var forecaster = new DayForecaster(_days, new(new StraightLineTravelTimes(Options.Create(new TravelOptions())), Options.Create(_options)));

        var (_, crews) = await forecaster.ReadAsync(At(24.1), isLive: true, CancellationToken.None);

        Assert.Equal(expected, crews.Sum(crew => crew.Forecasts.Count));
    }

    private static DateTimeOffset At(double hour) => WallClock.StartOf(Day).AddHours(hour);

    private Task<ChargeCars.Planning.PlannedDay> ReadAsync(DateOnly day) => _days.ReadAsync(day, Visit, CancellationToken.None);

    private Task SeenAsync(Guid van, DateTimeOffset at, double latitude) => RunAsync(
        FormattableString.Invariant($"INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source) VALUES ('{van}', '{at:O}', '{at:O}', {latitude}, 5.1, 'test')"));

    private async Task RunAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
