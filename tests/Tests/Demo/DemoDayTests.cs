using ChargeCars.Silo.Demo;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Orders.Visits;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Demo;

public sealed class DemoDayTests
{
    private static readonly RoadMap Map = new();
    private static readonly DateOnly Date = new(2026, 11, 24);

    [Fact]
    public void Map_OfItsTowns_ReachesEachFromEach()
    {
        foreach (var town in Map.Towns)
        {
            Assert.Equal(Map.Towns.Count, Map.Near(town).Count);
            Assert.Same(town, Map.Near(town)[0]);
            Assert.All(Map.Near(town).Skip(1), other =>
            {
                // Between flying by road speed and a detour twice as long at 80 km/h, plus the pieces in towns.
                var (hours, air) = (Map.Between(town, other).Seconds / 3600, town.Centre.MetersTo(other.Centre) / 1000);
                Assert.InRange(hours, air / 105, (air * 2 / 80) + 0.3);
            });
        }
    }

    /// <summary>A day is driven without a jump: every second lies where the one before could have led.</summary>
    [Property(MaxTest = 15)]
    public void Day_OfAnyVan_HasNoJumpAndNoUnlikelySpeed(ushort number, ushort day)
    {
        var van = Van.Fleet(1, (number % 300) + 1, Map)[^1];
        var tracker = new Tracker(van, Map);
        var from = VanDay.StartOf(Date.AddDays(day % 400));
        var before = tracker.At(from);
        for (var time = from.AddSeconds(1); time < from.AddHours(26); time = time.AddSeconds(1))
        {
            var state = tracker.At(time);
            var meters = before.Place.MetersTo(state.Place);
            Assert.True(meters < 32, $"{van.DeviceId} jumps {meters:F0} m at {time:O}");
            Assert.InRange(state.SpeedKmh, 0, 110);
            Assert.True(state.IsUnderway || meters < 32 && state.SpeedKmh == 0);
            before = state;
        }
    }

    [Fact]
    public void Day_OfAWorkingVan_HasSeveralCustomersAndEndsInTheDepot()
    {
        foreach (var van in Van.Fleet(1, 60, Map).Where(van => van.Shift != Shift.None))
        {
            var day = VanDay.Of(van, Date, Map);

            Assert.InRange(day.Drives.Count, 3, 60);
            Assert.InRange(day.At(day.Drives[^1].ArrivesAt).Place.MetersTo(day.At(DateTimeOffset.MinValue).Place), 0, 1);
            Assert.All(day.Drives.Zip(day.Drives.Skip(1)), pair => Assert.True(pair.Second.DepartsAt > pair.First.ArrivesAt));
        }
    }

    /// <summary>Whenever somebody starts the demo, also at night, something moves.</summary>
    [Fact]
    public void Fleet_AtEveryMinuteOfTheDay_HasVansUnderway()
    {
        var trackers = Van.Fleet(1, 60, Map).Select(van => new Tracker(van, Map)).ToList();
        for (var minute = 0; minute < 24 * 60; minute += 5)
        {
            var time = VanDay.StartOf(Date).AddMinutes(minute);
            Assert.True(trackers.Count(tracker => tracker.At(time).IsUnderway) >= 2, $"Hardly anything moves at {time:O}");
        }
    }

    [Fact]
    public void Fleet_ByItsSeed_IsTheSameAndHasItsOwnPlates()
    {
        var (one, again) = (Van.Fleet(1, 5_000, Map), Van.Fleet(1, 5_000, Map));
        var today = new DateOnly(2026, 11, 24);

        Assert.Equal(one.Select(van => van.Details(today)), again.Select(van => van.Details(today)));
        Assert.Equal(5_000, one.Select(van => van.Details(today).LicensePlate).Distinct().Count());
        Assert.Equal(5, one.Select(van => van.Brand).Distinct().Count());
        Assert.All(one, van => Assert.Null(ChargeCars.Fleet.Vehicles.VehicleRules.Check(van.Details(today), new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero))));
    }

    /// <summary>However a time is cut, the same fixes come, each once.</summary>
    [Property(MaxTest = 30)]
    public void Fixes_OfATimeInPieces_AreThoseOfTheWhole(ushort number, ushort first, ushort second)
    {
        var van = Van.Fleet(1, (number % 100) + 1, Map)[^1];
        var from = VanDay.StartOf(Date).AddHours(9).AddSeconds(number % 3_600);
        var (middle, end) = (from.AddSeconds(first % 1_000), from.AddSeconds((first % 1_000) + (second % 1_000)));

        PositionFix[] whole = [.. new Tracker(van, Map).Fixes(from, end, 5)];
        PositionFix[] pieces = [.. new Tracker(van, Map).Fixes(from, middle, 5), .. new Tracker(van, Map).Fixes(middle, end, 5)];

        Assert.Equal(whole, pieces);
        Assert.Equal(whole.Length, whole.Select(fix => fix.FixTime).Distinct().Count());
        Assert.All(whole, fix => Assert.InRange(fix.FixTime, from.AddTicks(1), end));
    }

    [Fact]
    public void Fixes_OfADay_AreAllTakenByTheJudge()
    {
        var options = new PositionOptions();
        foreach (var van in Van.Fleet(1, 20, Map))
        {
            PositionFix? before = null;
            foreach (var fix in new Tracker(van, Map).Fixes(VanDay.StartOf(Date), VanDay.StartOf(Date).AddDays(1), 10))
            {
                Assert.Null(PositionJudge.Fault(fix, fix.FixTime, options));
                Assert.True(before is null || PositionJudge.IsReachable(Sighting.Of(before.Value), Sighting.Of(fix), options));
                before = fix;
            }
        }
    }

    [Fact]
    public void Report_WithoutANetwork_WaitsAndComesAtOnce()
    {
        var late = 0;
        foreach (var van in Van.Fleet(1, 60, Map))
        {
            var from = VanDay.StartOf(Date).AddHours(8);
            var driven = new DemoVan(Guid.NewGuid(), van, new(van, Map), from);
            var sent = new List<PositionFix>();
            for (var now = from; now < from.AddHours(4); now = now.AddSeconds(5))
            {
                var report = driven.Report(now, 5);
                late += report.Count > 10 ? 1 : 0;
                sent.AddRange(report);
            }

            PositionFix[] taken = [.. new Tracker(van, Map).Fixes(from, sent[^1].FixTime, 5)];
            Assert.Equal(taken, sent);
        }

        Assert.True(late > 5, $"Only {late} late batches in four hours.");
    }

    [Theory]
    [InlineData(1, 2, 10)]
    [InlineData(60, 2, 10)]
    [InlineData(1_000, 5, 60)]
    [InlineData(5_000, 20, 60)]
    [InlineData(20_000, 60, 60)]
    public void Rhythm_OfALargerFleet_IsSlower(int vehicles, int live, int past) =>
        Assert.Equal(new DemoRhythm(live, past), DemoRhythm.Of(vehicles));

    [Theory]
    [InlineData("--demo", "--ChargeCars:Demo:Enabled=true")]
    [InlineData("--demo --vehicles 60 --urls http://localhost:1", "--ChargeCars:Demo:Enabled=true --ChargeCars:Demo:Vehicles=60 --urls http://localhost:1")]
    [InlineData("--vehicles=7 --demo", "--ChargeCars:Demo:Vehicles=7 --ChargeCars:Demo:Enabled=true")]
    [InlineData("--demo --demo-time 10:30", "--ChargeCars:Demo:Enabled=true --ChargeCars:Demo:Time=10:30")]
    [InlineData("--urls x", "--urls x")]
    public void Expand_TheShortOptions_GivesTheLongOnes(string args, string expanded) =>
        Assert.Equal(expanded, string.Join(' ', DemoOptions.Expand(args.Split(' '))));

    /// <summary>What the demo asks of the office is what the office takes: nothing overlaps, and every name and address passes.</summary>
    [Property(MaxTest = 25)]
    public void Jobs_OfAnyDay_FollowEachOtherAndPassTheRules(ushort number, ushort day)
    {
        var (van, date) = (Van.Fleet(1, (number % 100) + 1, Map)[^1], Date.AddDays(day % 400));
        var (plan, ahead) = (VanDay.Of(van, date, Map), TimeSpan.FromHours(-9));

        var jobs = DemoJob.Of(van, date, plan, ahead);

        Assert.Equal(plan.Stops.Count, jobs.Count);
        Assert.All(jobs.Zip(jobs.Skip(1)), pair => Assert.True(pair.First.PlannedEnd <= pair.Second.PlannedStart));
        Assert.All(jobs, job =>
        {
            Assert.Null(new ChargeCars.Platform.Entities.FieldFaults().CheckPlanned(job.PlannedStart, job.PlannedEnd).Invalid);
            Assert.Null(new ChargeCars.Platform.Entities.FieldFaults().CheckWindow(job.WindowStart, job.WindowEnd).Invalid);
            Assert.Equal(job.Steps.Select(step => step.At).Order(), job.Steps.Select(step => step.At));
            Assert.True(job.Steps[^1].At < job.LeavesAt);
            Assert.Equal(plan.At(job.ArrivesAt + ahead).Place, job.Place);
            Assert.Null(ChargeCars.Relations.Addresses.AddressKind.Check(new()
            {
                EntityType = ChargeCars.Relations.Addresses.AddressOwner.Organization, EntityId = Guid.NewGuid(),
                AddressType = ChargeCars.Relations.Addresses.AddressType.Installation, StreetAddress = job.Street, StreetNumber = job.HouseNumber,
                PostalCode = job.Postcode, City = job.Town.Name,
            }, default));
            Assert.Null(ChargeCars.Relations.Contacts.ContactKind.Check(new()
            {
                FirstName = job.Contact.FirstName, LastName = job.Contact.LastName, Email = job.Contact.EmailAt("customer.example"),
            }, default));
        });
        Assert.Equal(jobs.Select(job => job.Key), DemoJob.Of(van, date, plan, ahead).Select(job => job.Key));
    }

    /// <summary>Whoever starts the demo after work sees a working day; the same one if it starts again that night.</summary>
    [Theory]
    [InlineData("2026-11-24T11:00:00+01:00", null, "11:00")]
    [InlineData("2026-11-24T17:00:00+01:00", null, "08:00")]
    [InlineData("2026-11-24T23:30:00+01:00", null, "14:30")]
    [InlineData("2026-11-24T00:00:00+01:00", null, "07:30")]
    [InlineData("2026-11-24T06:59:00+01:00", null, "14:29")]
    [InlineData("2026-07-24T21:00:00+02:00", "10:30", "10:30")]
    public void Hours_OfTheDemo_AreThoseOfAWorkingDay(string now, string? asked, string shown)
    {
        var time = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        var clock = ChargeCars.Platform.WallClock.Of(time + DemoHours.Ahead(time, asked is null ? null : TimeOnly.Parse(asked, System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(shown, clock.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }
}
