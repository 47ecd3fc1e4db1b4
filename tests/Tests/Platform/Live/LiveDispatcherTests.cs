using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Platform.Live;

public sealed class LiveDispatcherTests : IDisposable
{
    private static readonly TimeSpan Interval = new LiveOptions().PositionInterval;

    private readonly FakeScreens _screens = new();
    private readonly Guid _van = Guid.CreateVersion7();

    public void Dispose() => _screens.Dispose();

    [Fact]
    public void Positions_OfOneVan_GoOutAtOnceAndThenTheNewestOnly()
    {
        var screen = _screens.Open();

        _screens.Move(_van, 52.1);
        var due = _screens.Feed.Tick();
        Assert.Equal([52.1], screen.TakePositions().Select(item => item.Latitude));
        Assert.Equal(_screens.Time.GetUtcNow() + Interval, due);

        _screens.Move(_van, 52.2);
        _screens.Move(_van, 52.3);
        _screens.Feed.Tick();
        Assert.Empty(screen.TakePositions());

        _screens.Time.SetUtcNow(due!.Value);
        _screens.Feed.Tick();
        Assert.Equal([52.3], screen.TakePositions().Select(item => item.Latitude));
        _screens.Time.Advance(Interval);
        _screens.Feed.Tick();
        Assert.Empty(screen.TakePositions());
    }

    [Fact]
    public void Positions_OverAMinuteAtTenASecond_AreAtMostFourASecondAndEndWithTheLast()
    {
        var screen = _screens.Open();
        for (var i = 0; i < 600; i++)
        {
            _screens.Move(_van, 52 + (i / 10_000.0));
            _screens.Feed.Tick();
            _screens.Time.Advance(TimeSpan.FromMilliseconds(99));
        }

        _screens.Time.Advance(Interval);
        _screens.Feed.Tick();

        var given = screen.TakePositions();
        Assert.InRange(given.Count, 195, 241);
        Assert.Equal(52 + (599 / 10_000.0), given[^1].Latitude);
        Assert.Equal(given.OrderBy(item => item.FixTime).Select(item => item.Latitude), given.Select(item => item.Latitude));
    }

    [Fact]
    public void Positions_OfAFleetAfterAStall_AllGoOutInOneTick()
    {
        var screen = _screens.Open();
        var vans = Enumerable.Range(0, 1_234).Select(_ => Guid.CreateVersion7()).ToList();
        vans.ForEach(van => _screens.Move(van, 52.1));

        _screens.Feed.Tick();

        Assert.Equal(vans, screen.TakePositions().Select(item => item.VehicleId));
    }

    [Fact]
    public void Position_ThatTheStreamBringsAfterThisProcess_GoesOutOnce()
    {
        var screen = _screens.Open();
        var moved = new PositionsMoved([LiveRows.Position(_van)]);
        _screens.Feed.Take(moved);
        _screens.Feed.Tick();
        Assert.Single(screen.TakePositions());

        _screens.Time.Advance(Interval);
        _screens.Feed.Take(moved);
        _screens.Feed.Tick();

        Assert.Empty(screen.TakePositions());
    }

    [Fact]
    public void Positions_OfAnArea_EndWithTheOneThatLeavesIt()
    {
        var (inside, everywhere) = (_screens.Open(new Area(52, 4, 53, 6)), _screens.Open());

        foreach (var latitude in new[] { 51.9, 52.5, 53.5, 53.6, 52.9 })
        {
            _screens.Move(_van, latitude);
            _screens.Feed.Tick();
            _screens.Time.Advance(Interval);
        }

        Assert.Equal([52.5, 53.5, 52.9], inside.TakePositions().Select(item => item.Latitude));
        Assert.Equal(5, everywhere.TakePositions().Count);
    }

    [Fact]
    public void Positions_OfAnAreaOverTheDateLine_AreThoseOfBothSides()
    {
        var screen = _screens.Open(new Area(-20, 170, -10, -170));

        foreach (var longitude in new[] { 0.0, 169.9, 175, 180, -180, -175, -169.9, 175 })
        {
            _screens.Move(_van, -15, longitude);
            _screens.Feed.Tick();
            _screens.Time.Advance(Interval);
        }

        Assert.Equal([175, 180, -180, -175, -169.9, 175], screen.TakePositions().Select(item => item.Longitude));
    }

    [Fact]
    public void Position_OfOneThatLeftTheAreaWhileTheAnswerWasRead_IsSent()
    {
        var (stays, leaves) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var screen = _screens.Open(new Area(52, 4, 53, 6));
        _screens.Move(stays, 52.5);
        _screens.Move(leaves, 53.5);
        _screens.Feed.Tick();
        screen.TakePositions();
        _screens.Time.Advance(Interval);

        // By the rows, which are behind.
        _screens.Feed.Told(_screens.Connections.Get(screen.ConnectionId).View!, [stays, leaves]);
        _screens.Feed.Tick();

        Assert.Equal(leaves, Assert.Single(screen.TakePositions()).VehicleId);
    }

    [Fact]
    public void Positions_OfVansByName_ComeFromOutsideTheAreaToo()
    {
        var screen = _screens.Open(new Area(52, 4, 53, 6), _van);

        _screens.Move(_van, 10);
        _screens.Move(Guid.CreateVersion7(), 10);
        _screens.Feed.Tick();

        Assert.Equal(_van, Assert.Single(screen.TakePositions()).VehicleId);
    }

    [Fact]
    public void Position_OfATimeThatWasRemoved_IsForgottenAndNotTakenAgain()
    {
        var screen = _screens.Open();
        _screens.Move(_van, 52.1);
        var at = _screens.Time.GetUtcNow();
        _screens.Feed.Tick();
        Assert.Single(screen.TakePositions());
        _screens.Move(_van, 52.2); // waits for its turn

        _screens.Feed.OnChanges([Removed(_van, at.AddHours(-1), _screens.Time.GetUtcNow().AddTicks(1))]);
        _screens.Time.Advance(Interval);
        _screens.Feed.Take(new([LiveRows.Position(_van, 52.15, at: at.AddTicks(5))]));
        _screens.Feed.Tick();

        Assert.False(_screens.Board.TryGet(_van, out _));
        Assert.Equal("changes", Assert.Single(screen.TakeTargets()));
        _screens.Time.Advance(Interval);
        _screens.Move(_van, 52.3);
        _screens.Feed.Tick();
        Assert.Equal([52.3], screen.TakePositions().Select(item => item.Latitude));
    }

    [Fact]
    public void Position_OfAnotherTimeOrVehicleThanWhatWasRemoved_Stays()
    {
        var other = Guid.CreateVersion7();
        _screens.Move(_van, 52.1);
        _screens.Move(other, 52.2);

        _screens.Feed.OnChanges([Removed(_van, _screens.Time.GetUtcNow().AddHours(-1), _screens.Time.GetUtcNow().AddMilliseconds(-1))]);

        Assert.True(_screens.Board.TryGet(_van, out _));
        Assert.True(_screens.Board.TryGet(other, out _));
    }

    [Fact]
    public void Position_ThatWaitsForASlowScreen_IsNotGivenAfterItWasRemoved()
    {
        var screen = _screens.Open();
        screen.StopReading();
        _screens.Move(Guid.CreateVersion7(), 51);
        _screens.Feed.Tick();
        _screens.Move(_van, 52.1);
        _screens.Feed.Tick();

        _screens.Feed.OnChanges([Removed(_van, _screens.Time.GetUtcNow().AddHours(-1), _screens.Time.GetUtcNow().AddTicks(1))]);
        screen.GoOnReading();

        Assert.Equal([51.0], screen.TakePositions().Select(item => item.Latitude));
    }

    [Fact]
    public void Positions_WhenChangesWereMissed_AreForgotten()
    {
        _screens.Move(_van, 52.1);
        _screens.Time.Advance(Interval);

        _screens.Feed.OnReset("changes were missed");

        Assert.False(_screens.Board.TryGet(_van, out _));
        Assert.Equal(_screens.Time.GetUtcNow(), _screens.Board.Since);
    }

    [Fact]
    public void ThousandsOfScreens_OfAFewViews_ShareEveryMessage()
    {
        var (all, south) = (
            Enumerable.Range(0, 1_500).Select(_ => _screens.Open()).ToList(),
            Enumerable.Range(0, 500).Select(_ => _screens.Open(new Area(50, 4, 52, 6))).ToList());
        var vans = Enumerable.Range(0, 250).Select(_ => Guid.CreateVersion7()).ToList();
        vans.ForEach(van => _screens.Move(van, 51.5));
        vans.ForEach(van => _screens.Move(van, 52.5));
        _screens.Feed.Tick();
        _screens.Time.Advance(Interval);
        vans.ForEach(van => _screens.Move(van, 51.0));
        _screens.Feed.Tick();

        Assert.Equal(2, _screens.Connections.Views.Count);
        Assert.Equal(6, all[0].Given.Count); // 250 vans are three messages, twice
        Assert.All(all, screen => Assert.Equal(all[0].Given, screen.Given, ReferenceEqualityComparer.Instance));
        Assert.Equal(3, south[0].Given.Count);
        Assert.All(south, screen => Assert.Equal(south[0].Given, screen.Given, ReferenceEqualityComparer.Instance));

        south.ForEach(screen => _screens.Connections.Remove(screen.ConnectionId));
        Assert.Single(_screens.Connections.Views);
        Assert.Equal(1_500, _screens.Connections.Count);
    }

    [Fact]
    public void AScreenThatTakesNothing_GetsTheNewestLaterAndHoldsUpNobody()
    {
        var (slow, quick) = (_screens.Open(), _screens.Open());
        slow.StopReading();
        for (var i = 0; i < 100; i++)
        {
            _screens.Move(_van, 52 + (i / 1_000.0));
            _screens.Feed.Tick();
            _screens.Time.Advance(Interval);
        }

        Assert.Equal(100, quick.TakePositions().Count);
        Assert.Single(slow.TakePositions());
    }

    [Theory]
    [InlineData("vehicle.trip_ended", """{"latitude": 52.1, "longitude": 5.1}""", false)]
    [InlineData("vehicle.overspeed", """{"speedKmh": 141, "latitude": 52.1}""", false)]
    [InlineData("vehicle.overspeed", """{"fixTime": "2026-03-02T11:00:00Z", "speedKmh": 141}""", false)] // after its place was removed
    [InlineData("vehicle.trip_ended", """{"startedAt": "2026-03-02T11:00:00Z", "endedAt": "2026-03-02T11:30:00Z"}""", false)]
    [InlineData("vehicle.trips_repaired", """{"from": "2026-03-02T11:00:00Z", "to": null}""", false)]
    [InlineData("vehicle.positions_removed", """{"from": "2026-03-02T11:00:00Z", "to": "2026-03-02T12:00:00Z"}""", false)]
    [InlineData("vehicle.fixes_refused", """{"reason": "impossible_speed", "detail": "12.3 km from the live position, 9 s after it"}""", false)]
    [InlineData("vehicle.clock_corrected", """{"reason": "week_rollover"}""", false)]
    [InlineData("vehicle.status_changed", """{"from": "parked", "to": "driving"}""", true)]
    public void Changes_ThatSayWhereAVanIs_GoToWhoMaySeePositions(string type, string data, bool toAnybody)
    {
        var change = new ChangeEvent(1, type, "vehicle", _van, _screens.Time.GetUtcNow(), new("{}"), new(data));
        var blind = FakeScreens.Dispatcher with { Permissions = System.Collections.Frozen.FrozenSet.ToFrozenSet(["vehicles.read"]) };

        Assert.True(new WatchFilter([Topics.ByName[Topics.Fleet]], null, [], [], FakeScreens.Dispatcher).Covers(change));
        Assert.Equal(toAnybody, new WatchFilter([Topics.ByName[Topics.Fleet]], null, [], [], blind).Covers(change));
    }

    [Fact]
    public void Changes_OfGeofences_OutOfTheScope_AreNotTold()
    {
        var (own, other) = (Crossing(_van), Crossing(Guid.CreateVersion7()));
        var driver = FakeScreens.Dispatcher with { Vehicles = System.Collections.Frozen.FrozenSet.ToFrozenSet([_van]) };
        var partner = FakeScreens.Dispatcher with { PartnerOrganizationId = Guid.CreateVersion7() };
        var limited = FakeScreens.Dispatcher with { BusinessEntities = System.Collections.Frozen.FrozenSet.ToFrozenSet([BusinessEntity.Laderthuis]) };

        Assert.Equal((true, true), Told(FakeScreens.Dispatcher));
        Assert.Equal((true, false), Told(driver));
        Assert.Equal((false, false), Told(partner));
        Assert.Equal((false, false), Told(limited));

        (bool, bool) Told(Api.Identity.Caller caller)
        {
            var filter = new WatchFilter([Topics.ByName[Topics.Fleet]], null, [], [], caller);
            return (filter.Covers(own), filter.Covers(other));
        }

        ChangeEvent Crossing(Guid vehicle) =>
            new(1, "geofence.entered", "geofence", Guid.CreateVersion7(), _screens.Time.GetUtcNow(), new("{}"), new($$"""{"vehicleId":"{{vehicle}}"}"""))
            {
                Scope = new("zaptecshop", null, null, vehicle),
            };
    }

    private ChangeEvent Removed(Guid vehicle, DateTimeOffset from, DateTimeOffset to) => new(
        1, "vehicle.positions_removed", "vehicle", vehicle, _screens.Time.GetUtcNow(), new("{}"),
        new($$"""{"source":"ulu","from":"{{from.UtcDateTime:O}}","to":"{{to.UtcDateTime:O}}","reason":"private"}"""));

    [Fact]
    public void Changes_OfGeofences_GoToWhoMaySeeThem()
    {
        var screen = _screens.Open();
        var elsewhere = _screens.Open(null, Guid.CreateVersion7());

        _screens.Feed.OnChanges([
            new ChangeEvent(1, "geofence.entered", "geofence", Guid.CreateVersion7(), _screens.Time.GetUtcNow(), new("{}"), new($$"""{"vehicleId":"{{_van}}"}""")),
        ]);

        Assert.Single(screen.Given);
        Assert.Empty(elsewhere.Given);
        var limited = FakeScreens.Dispatcher with { Permissions = System.Collections.Frozen.FrozenSet.ToFrozenSet(["vehicles.read"]) };
        Assert.Equal(["vehicle"], new WatchFilter([Topics.ByName[Topics.Fleet]], null, [], [], limited).EntityTypes);
    }
}
