using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using FsCheck;
using FsCheck.Fluent;
using static ChargeCars.Tests.Fleet.Vehicles.Motion.MotionRig;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

public sealed class MotionHistoryTests(PositionDatabase database) : IClassFixture<PositionDatabase>, IAsyncLifetime
{
    /// <summary>How many plays are tried; a soak sets more.</summary>
    private static readonly int Plays = int.TryParse(Environment.GetEnvironmentVariable("CHARGECARS_TEST_PLAYS"), out var plays) ? plays : 60;

    private static readonly Lazy<PositionFix[]> Day = new(RoundWithGaps);

    private static readonly Lazy<PositionFix[]> OddDay = new(RoundWithContradictions);

    private MotionRig _rig = null!;

    public async Task InitializeAsync() => _rig = await StartAsync(database);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task History_OfADayInOrder_IsTheFoldOfItsFixes()
    {
        var vehicle = await _rig.AddVehicleAsync();

        await _rig.PlayAsync(vehicle, new Part(Day.Value));

        Assert.Equal(Fold(Day.Value).Legs, await _rig.StoredAsync(vehicle));
        Assert.Equal(6, (await _rig.StoredAsync(vehicle)).Count(leg => leg.IsTrip));
        Assert.Equal((6, 6), (await _rig.ToldAsync(vehicle, "vehicle.trip_started"), await _rig.ToldAsync(vehicle, "vehicle.trip_ended")));
    }

    [Fact]
    public void History_OfAnyPermutationRepetitionBatchesAndCrashes_IsTheSame() =>
        Prop.ForAll(Arb.From(AnyPlay(Day.Value)), play => CheckAsync(Day.Value, play).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Plays));

    /// <summary>Some are refused when they come first, and come again: in the end all are on disk, whatever the vehicle was thought to be.</summary>
    [Fact]
    public void History_OfFixesThatContradictEachOther_IsTheSameInAnyOrder() =>
        Prop.ForAll(Arb.From(AnyPlay(OddDay.Value)), play =>
                CheckAsync(OddDay.Value, [.. play, new(OddDay.Value), new(OddDay.Value)]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Plays));

    /// <summary>One fix from elsewhere among them, which is kept or not, makes no trip and costs none of the others.</summary>
    [Fact]
    public void History_OfADayWithAFixFromElsewhere_HasTheSameTripsInAnyOrder()
    {
        var day = Day.Value.ToArray();
        day[200] = day[200] with { Latitude = day[200].Latitude + 1.5 };
        PositionFix[] rest = [.. day.Where((_, i) => i != 200)];
        Assert.Equal(Words(Fold(rest).Legs), Words(Fold(day).Legs));

        Prop.ForAll(Arb.From(AnyPlay(day)), play => CheckTripsAsync(play).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Plays / 2));

        async Task<bool> CheckTripsAsync(Part[] play)
        {
            var vehicle = await _rig.AddVehicleAsync();
            await _rig.PlayAsync(vehicle, [.. play.Select(part => part with { Crash = false })]);
            var live = await _rig.PlayAsync(vehicle);

            Assert.Equal(Words(Fold(day).Legs), Words(await _rig.StoredAsync(vehicle)));
            Assert.Equal(rest.Length, await database.ScalarAsync<long>(
                $"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{vehicle}' AND fix_time <> '{day[200].FixTime:O}'"));
            Assert.Equal(day[^1].FixTime, live?.FixTime);
            return true;
        }
    }

    private async Task<bool> CheckAsync(PositionFix[] day, Part[] play)
    {
        var vehicle = await _rig.AddVehicleAsync();
        await _rig.PlayAsync(vehicle, play);
        // What a crash left running may have written last, and knows less: the fold goes on from there with the next activation.
        var live = await _rig.PlayAsync(vehicle);
        await _rig.Checkpoints.FlushAsync(CancellationToken.None);
        var (legs, state) = Fold(day);
        var motion = await _rig.Store.LoadAsync(vehicle);

        // The history, the trips, and where the vehicle is and what it does.
        Assert.Equal(day.Length, await database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{vehicle}'"));
        Assert.Equal(Words(legs), Words(await _rig.StoredAsync(vehicle)));
        Assert.Equal(0L, await database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_late_fix WHERE vehicle_id = '{vehicle}'"));
        var last = day[^1];
        Assert.Equal((last.FixTime, last.Latitude, last.Longitude, last.SpeedKmh), (live!.Value.FixTime, live.Value.Latitude, live.Value.Longitude, live.Value.SpeedKmh));
        // On disk is the fold's memory up to some fix: what a crash left running may hold its row just when it is written.
        var known = motion.State!.Value;
        Assert.Equal(state, day.Where(fix => fix.CompareTo(known.Head) > 0).Aggregate(known, (one, fix) => _rig.Parts.Fold.Step(one, fix, out _)));

        // The mileage, however often a leg was written over: what was counted and what still is to be is what was driven.
        Assert.Equal(legs.Sum(_rig.Parts.Mileage.Driven), await _rig.CountedAsync(vehicle), 3);
        return true;
    }

    [Fact]
    public async Task History_OfAVanFirstSeenDriving_HasNoLegThatTookNoTime()
    {
        var vehicle = await _rig.AddVehicleAsync();
        PositionFix[] fixes = [.. new Drive(Fixes.Noon.AddHours(-3), 5).Go(4_000).Stand(10).Go(3_000).Stand(10).Fixes];
        var expected = Fold(fixes).Legs;
        Assert.Contains(expected, leg => leg.End?.Time == leg.Start.Time);

        await _rig.PlayAsync(vehicle, [.. fixes.Chunk(7).Select(part => new Part(part))]);

        Assert.Equal(expected.Where(leg => leg.End?.Time != leg.Start.Time), await _rig.StoredAsync(vehicle));
    }

    [Fact]
    public async Task Stop_ThatMovesUnseen_IsTwoStopsOnRecordAndSetsNobodyOff()
    {
        var vehicle = await _rig.AddVehicleAsync();
        PositionFix[] fixes = [.. new Drive(Fixes.Noon.AddHours(-6), 20) { Ignition = false }.Stand(10).BeSilent(120).Jump(30_000).Stand(10).Fixes];
        var found = fixes.First(fix => fix.FixTime > fixes[0].FixTime.AddHours(1));

        await _rig.PlayAsync(vehicle, [.. fixes.Chunk(7).Select(part => new Part(part))]);

        Assert.Equal([(false, fixes[0].FixTime), (false, found.FixTime)], (await _rig.StoredAsync(vehicle)).Select(leg => (leg.IsTrip, leg.Start.Time)));
        Assert.All(await _rig.FollowedByAsync(vehicle), followed => Assert.Equal((false, 0), (followed.Driving, followed.AddKm)));
        Assert.Equal((1L, 0L), (await _rig.ToldAsync(vehicle, "vehicle.stop_moved"), await _rig.ToldAsync(vehicle, "vehicle.trip_started")));
    }

    [Fact]
    public async Task History_WhoseSecondFixComesLate_StillBeginsWithTheFirst()
    {
        var vehicle = await _rig.AddVehicleAsync();
        // As the first report had it the van left at once, so that the stop it began with took no time.
        await _rig.PlayAsync(vehicle, new Part([Day.Value[0], .. Day.Value[122..]]), new Part(Day.Value[1..80]), new Part(Day.Value[80..122]));

        Assert.Equal(Fold(Day.Value).Legs, await _rig.StoredAsync(vehicle));
    }

    [Fact]
    public async Task Mileage_OfALateFixThatLengthensATrip_CountsTheDifferenceOnce()
    {
        var vehicle = await _rig.AddVehicleAsync();
        // Of the way out to the east and back the first report knows only the ends.
        var drive = new Drive(Fixes.Noon.AddHours(-3), 10) { Noise = 0 }.Stand(10).Go(2_000);
        var (out1, turned) = (drive.Fixes.Count, drive.Go(4_000).Fixes.Count);
        drive.Jump(-4_000).Go(3_000).Stand(10);
        PositionFix[] fixes = [.. drive.Fixes];
        PositionFix[] early = [.. fixes[..out1], .. fixes[turned..]];

        await _rig.PlayAsync(vehicle, new Part(early));
        var before = (await _rig.FollowedByAsync(vehicle)).Sum(followed => followed.AddKm);
        await _rig.PlayAsync(vehicle, new Part(fixes[out1..turned]), new Part(fixes[out1..turned]));

        Assert.InRange((await _rig.FollowedByAsync(vehicle)).Sum(followed => followed.AddKm) - before, 3, 9);
        Assert.Equal(Fold(fixes).Legs.Sum(leg => leg.Meters), await _rig.CountedAsync(vehicle), 3);
    }

    [Fact]
    public async Task Mileage_OfATrackerThatCountsFromItsOwnBeginning_GrowsByTheDifferenceOnceHoweverItComes()
    {
        var vehicle = await _rig.AddVehicleAsync();
        // Sixty trips of 1.3 km by its own count: none is a whole number of kilometres.
        var drive = new Drive(Fixes.Noon.AddHours(-20), 20) { Noise = 0 }.Stand(5);
        var (counts, km) = (new List<double>(), 1_234.0);
        for (var i = 0; i < 60; i++)
        {
            counts.AddRange(Enumerable.Repeat(km, drive.Fixes.Count - counts.Count));
            var before = counts.Count;
            drive.Go(1_250);
            var steps = drive.Fixes.Count - before;
            counts.AddRange(Enumerable.Range(1, steps).Select(step => km + (1.3 * step / steps)));
            km += 1.3;
            drive.Stand(8);
        }

        PositionFix[] fixes = [.. drive.Fixes.Select((fix, i) => fix with { OdometerKm = i < counts.Count ? counts[i] : km })];
        // The way of every third trip comes late.
        PositionFix[] late = [.. fixes.Where((_, i) => i % 90 is > 20 and < 60)];

        await _rig.PlayAsync(vehicle, new Part([.. fixes.Except(late)]), new Part(late, Crash: true), new Part(late));

        Assert.Equal(60, Fold(fixes).Legs.Count(leg => leg.IsTrip));
        Assert.InRange(await _rig.CountedAsync(vehicle), 77_000, 78_001);
        Assert.InRange((await _rig.FollowedByAsync(vehicle)).Sum(followed => followed.AddKm), 76, 78);
    }

    private static Gen<Part[]> AnyPlay(PositionFix[] day) =>
        from order in Gen.Shuffle(day)
        from inOrder in Gen.Choose(0, 2)
        from size in Gen.Choose(1, 120)
        from repeated in Gen.Choose(0, 3)
        from crashes in Gen.ListOf(Gen.Choose(0, 4))
        let fixes = inOrder == 0 ? day : inOrder == 1 ? LateBlocks(day, order[0].FixTime) : order
        let parts = fixes.Chunk(size).ToArray()
        select parts.Concat(parts.Take(repeated)).Select((part, i) => new Part(part, crashes.ElementAtOrDefault(i) == 4)).ToArray();

    // A part of the day comes when the rest is there.
    private static PositionFix[] LateBlocks(PositionFix[] day, DateTimeOffset from) =>
        [.. day.Where(fix => fix.FixTime < from || fix.FixTime > from.AddMinutes(40)), .. day.Where(fix => fix.FixTime >= from && fix.FixTime <= from.AddMinutes(40))];

    private static PositionFix[] RoundWithGaps()
    {
        var drive = new Drive(Fixes.Noon.AddHours(-11), 20) { Noise = 8 }.Stand(15);
        foreach (var meters in new[] { 3_000.0, 900, 5_000 })
        {
            drive.Go(meters).Stand(10);
        }

        drive.Go(4_000).BeSilent(75).Go(4_000).Stand(2).BeSilent(25).Jump(300).Go(1_500).Stand(20);
        return [.. drive.Fixes];
    }

    /// <summary>
    /// A wrong first fix, a fix from elsewhere on the way and one aside, a while in which all of them are, and the van found standing
    /// elsewhere after a silence, once from a stop and once from a trip. Its tracker counts from its own beginning, and is swapped on
    /// the way; at times it knows no speed and takes the ignition for off.
    /// </summary>
    private static PositionFix[] RoundWithContradictions()
    {
        var start = Fixes.Noon.AddHours(-9);
        var drive = new Drive(start.AddSeconds(20), 20) { Noise = 8 }.Go(3_000).Stand(10).Go(2_000);
        var astray = drive.Fixes.Count;
        drive.Go(2_000).Jump(90_000).Go(600).Jump(-90_600).Go(2_000).Stand(10);
        drive.BeSilent(75).Jump(12_000).Stand(10).Go(2_000).BeSilent(75).Jump(8_000).Stand(10).Go(1_500).Stand(5);
        return
        [
            Fixes.At(0, 40, -70) with { FixTime = start },
            .. drive.Fixes
                .Select((fix, i) => i == astray ? fix with { Latitude = fix.Latitude + 1.5 } : fix)
                .Select((fix, i) => i == astray - 4 ? fix with { Latitude = fix.Latitude + 0.013 } : fix)
                .Select((fix, i) => fix with { SpeedKmh = i % 40 > 30 ? null : fix.SpeedKmh, Ignition = i % 3 != 0 && i % 25 > 8 })
                .Select((fix, i) => fix with { OdometerKm = (i > 2 * astray ? 12 : 1_234) + (i * 0.2) }),
        ];
    }

    // Short enough to see where two histories part.
    private static string Words(Leg[] legs) => string.Join('\n', legs.Select(leg =>
        $"{(leg.IsTrip ? "trip" : "stop")} {leg.Start.Time:HH:mm:ss}-{leg.End?.Time:HH:mm:ss} {leg.Meters:R} {leg.TopKmh:R} {leg.Place} {leg.DecidedBy.FixTime:HH:mm:ss}"));
}
