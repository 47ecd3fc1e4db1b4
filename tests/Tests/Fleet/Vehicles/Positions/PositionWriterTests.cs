using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Days;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class PositionWriterTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    private readonly Guid _vehicle = Guid.CreateVersion7();

    [Fact]
    public async Task Write_OfAFix_ReadsBackWhole()
    {
        await using var writer = await StartAsync();
        var sparse = new PositionFix(Fixes.Noon.AddSeconds(1).AddMicroseconds(7), -33.5, 179.25, null, null, null, null, null, null, "ulu");

        Assert.Null(await writer.WriteAsync(Write([Fixes.At(0), sparse])));

        var read = await new PositionHistory(database.Source).ReadAsync(
            _vehicle, Fixes.Noon, Fixes.Noon.AddDays(1), null, 10, CancellationToken.None);
        Assert.Equal([new(Fixes.At(0), Fixes.Noon), new RecordedFix(sparse, Fixes.Noon)], read);
    }

    [Fact]
    public async Task Write_OfAKnownFixThoughtNew_StoresTheOthersAndNamesTheDuplicate()
    {
        await using var writer = await StartAsync();
        await writer.WriteAsync(Write([Fixes.At(0)]));

        var duplicates = await writer.WriteAsync(Write([Fixes.At(-1), Fixes.At(0), Fixes.At(1)]));

        Assert.Equal([false, true, false], duplicates!);
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Write_OfTheSameFixTwiceInOneGroup_TellsOneOfThemADuplicate()
    {
        await using var writer = database.Writer();
        var both = new[] { writer.WriteAsync(Write([Fixes.At(0)], suspect: true)), writer.WriteAsync(Write([Fixes.At(0)], suspect: true)) };

        await writer.StartAsync(CancellationToken.None);

        Assert.Equal([false, true], (await Task.WhenAll(both)).Select(duplicates => duplicates is [true]).Order());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Write_ThatTheDatabaseRefuses_FailsAlone()
    {
        await using var writer = database.Writer();
        var bad = writer.WriteAsync(Write([Fixes.At(-1) with { Source = "no text may hold \0" }]));
        var good = writer.WriteAsync(Write([Fixes.At(0)]));

        await writer.StartAsync(CancellationToken.None);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => bad);
        Assert.Null(await good);
    }

    [Fact]
    public async Task Write_OfADayWithoutAPartition_MakesIt()
    {
        await using var writer = await StartAsync();

        Assert.Null(await writer.WriteAsync(Write([Fixes.At(-86_400 * 4_000), Fixes.At(0), Fixes.At(-86_400 * 400)])));

        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Write_OfADayThatSomebodyDropped_MakesItAgain()
    {
        await using var writer = await StartAsync();
        var gone = Fixes.At(-86_400 * 500);
        await writer.WriteAsync(Write([gone]));
        await database.ScalarAsync<int>($"DROP TABLE {PositionDay.Of(gone.FixTime).Partition}");

        Assert.Null(await writer.WriteAsync(Write([gone, Fixes.At(0)])));

        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Write_BeyondTheCapacity_IsRefusedAndNothingIsWritten()
    {
        await using var writer = database.Writer();
        var waiting = writer.WriteAsync(Write([.. Enumerable.Range(0, database.Limits.Capacity).Select(second => Fixes.At(second * 0.001))]));

        await Assert.ThrowsAsync<OverloadedException>(() => writer.WriteAsync(Write([Fixes.At(-1)])));

        await writer.StartAsync(CancellationToken.None);
        Assert.Null(await waiting);
        Assert.Equal(database.Limits.Capacity, await CountAsync());
        Assert.Null(await writer.WriteAsync(Write([Fixes.At(-1)])));
    }

    [Fact]
    public async Task Write_OfManyPositions_PublishesTheNewestOfEachVehicleOnce()
    {
        var published = new List<PositionsMoved>();
        await using var writer = database.Writer(published);
        var writes = new[] { Write([Fixes.At(1)], live: Live(1)), Write([Fixes.At(2)], live: Live(2)) }.Select(writer.WriteAsync).ToArray();

        await writer.StartAsync(CancellationToken.None);
        await Task.WhenAll(writes);
        await writer.StopAsync(CancellationToken.None);

        Assert.Equal([Live(2)], Assert.Single(published).Positions);
    }

    [Fact]
    public async Task Record_AfterARestart_KnowsWhereTheVehicleWasAndWhatIsOnDisk()
    {
        await database.AddVehicleAsync("R-1");
        var vehicle = await database.AddVehicleAsync("R-2");
        await using var writer = await StartAsync();
        await database.Recorder(vehicle, writer).RecordAsync([Fixes.At(-20), Fixes.At(-10)], VehicleStatus.Driving);

        var recorder = database.Recorder(vehicle, writer);
        await recorder.RestoreAsync();
        var again = await recorder.RecordAsync([Fixes.At(-10), Fixes.At(-20), Fixes.At(-15), Fixes.At(-5)], VehicleStatus.Driving);

        Assert.Equal(
            [FixOutcome.Duplicate, FixOutcome.Duplicate, FixOutcome.Stored, FixOutcome.Accepted], again.Value.Select(result => result.Outcome));
        Assert.Equal(Fixes.Noon.AddSeconds(-5), recorder.Live?.FixTime);
        Assert.Equal(Freshness.Live, recorder.Freshness);
    }

    [Fact]
    public async Task Record_OfARepeatWhileTheFirstIsUnderWay_AnswersAfterTheCommit()
    {
        await using var writer = database.Writer();
        var recorder = database.Recorder(_vehicle, writer);
        var first = recorder.RecordAsync([Fixes.At(0)], VehicleStatus.Parked);
        var repeat = recorder.RecordAsync([Fixes.At(0)], VehicleStatus.Parked);
        Assert.False(repeat.IsCompleted);

        await writer.StartAsync(CancellationToken.None);

        Assert.Equal(FixOutcome.Accepted, (await first).Value[0].Outcome);
        Assert.Equal(FixOutcome.Duplicate, (await repeat).Value[0].Outcome);
    }

    private async Task<PositionWriter> StartAsync()
    {
        var writer = database.Writer();
        await writer.StartAsync(CancellationToken.None);
        return writer;
    }

    private PositionWrite Write(PositionFix[] fixes, bool suspect = false, LivePosition? live = null) =>
        new(_vehicle, fixes, suspect, live, Fixes.Noon);

    private LivePosition Live(double seconds) =>
        new(_vehicle, Fixes.Noon.AddSeconds(seconds), 52, 5, null, null, null, null, VehicleStatus.Driving);

    private Task<long> CountAsync() =>
        database.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{_vehicle}'");
}
