using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

/// <summary>A tracker whose fixes are refused is known by its vehicle.</summary>
public sealed class RefusalTests(PositionDatabase database) : IClassFixture<PositionDatabase>, IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Era = TimeSpan.FromDays(7 * 1_024);

    private readonly ChangePublisher _publisher = new(null!, NullLogger<ChangePublisher>.Instance);
    private PositionWriter _writer = null!;
    private GroupCommit _commits = null!;

    public async Task InitializeAsync()
    {
        _writer = database.Writer();
        await _writer.StartAsync(CancellationToken.None);
        _commits = new(database.Source, _publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        await _commits.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _commits.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _commits.Dispose();
        _publisher.Dispose();
    }

    [Fact]
    public async Task Clock_ThreeMinutesAhead_IsKeptWithTheVehicleAndAnnouncedOnce()
    {
        var vehicle = await VehicleAsync();
        var recorder = await RecorderAsync(vehicle);

        await SendAsync(recorder, Fixes.At(180), Fixes.At(185));
        await TellAsync();
        await SendAsync(recorder, Fixes.At(190));
        await TellAsync();

        var refusal = recorder.LastRefusal!;
        Assert.Equal(("future", 190.0, Fixes.Noon, Fixes.Noon, 3), (refusal.Reason, refusal.OffBySeconds, refusal.Since, refusal.At, refusal.Count));
        Assert.Contains("190 s ahead", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(refusal, (await RecorderAsync(vehicle)).LastRefusal);
        Assert.Equal("vehicle.fixes_refused future 185 2", await ToldAsync(vehicle));
    }

    [Fact]
    public async Task Clock_ThatIsRightAgainAndWrongAgain_IsAnnouncedAgain()
    {
        var vehicle = await VehicleAsync();
        var recorder = await RecorderAsync(vehicle);

        await SendAsync(recorder, Fixes.At(180));
        await TellAsync();
        await SendAsync(recorder, Fixes.At(-10));
        database.Time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(recorder, Fixes.At(200));
        await TellAsync();

        Assert.Equal(1, recorder.LastRefusal!.Count);
        Assert.Equal("vehicle.fixes_refused future 180 1, vehicle.fixes_refused future 199 1", await ToldAsync(vehicle));
    }

    [Fact]
    public async Task Fixes_ThatAreInaccurateNowAndThen_AreKeptAndNotAnnounced()
    {
        var vehicle = await VehicleAsync();
        var recorder = await RecorderAsync(vehicle);
        for (var i = 0; i < 5; i++)
        {
            await SendAsync(recorder, Fixes.At(-100 + i), Fixes.At(-90 + i) with { AccuracyMeters = 900 });
        }

        await TellAsync();
        Assert.Equal(("poor_accuracy", null, 1), (recorder.LastRefusal!.Reason, recorder.LastRefusal.OffBySeconds, recorder.LastRefusal.Count));
        Assert.Null(await ToldAsync(vehicle));

        await SendAsync(recorder, Fixes.At(-50) with { AccuracyMeters = 900 }, Fixes.At(-49) with { AccuracyMeters = 900 });
        await TellAsync();
        Assert.Equal("vehicle.fixes_refused poor_accuracy 3", await ToldAsync(vehicle));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Clock_WholeErasOfWeeksBack_IsPutRightAndAnnounced(int eras)
    {
        var vehicle = await VehicleAsync();
        var recorder = await RecorderAsync(vehicle);
        var before = Era * eras;

        var sent = await SendAsync(recorder, Rolled(-7_200), Rolled(-60));
        var repeated = await SendAsync(recorder, Fixes.At(-60));
        await TellAsync();

        Assert.Equal([FixOutcome.Accepted, FixOutcome.Accepted], sent);
        Assert.Equal([FixOutcome.Duplicate], repeated);
        Assert.Equal(Fixes.At(-60).FixTime, recorder.Live?.FixTime);
        Assert.Equal(("week_rollover", 2L), (recorder.LastRefusal!.Reason, recorder.LastRefusal.Count));
        Assert.StartsWith("vehicle.clock_corrected week_rollover -", await ToldAsync(vehicle), StringComparison.Ordinal);

        PositionFix Rolled(double seconds) => Fixes.At(seconds) with { FixTime = Fixes.At(seconds).FixTime - before };
    }

    [Theory]
    [InlineData(3.1)] // older than MaxAge when put right
    [InlineData(-0.01)] // ahead when put right
    [InlineData(-100)]
    public void Clock_BackBySomethingElse_IsTooOld(double days)
    {
        var fix = Fixes.At(0) with { FixTime = Fixes.Noon - Era - TimeSpan.FromDays(days) };

        Assert.Equal(fix, PositionJudge.PutRight(fix, Fixes.Noon, database.Limits));
        Assert.Equal(FixOutcome.TooOld, PositionJudge.Fault(fix, Fixes.Noon, database.Limits)!.Value.Outcome);
    }

    [Fact]
    public async Task Duplicates_AndPrivateTime_AreNoRefusals()
    {
        var recorder = await RecorderAsync(await VehicleAsync());
        var never = new WorkingHours { Windows = [new() { Days = [WorkingDay.Sunday], From = new(1, 0), To = new(1, 1) }] };

        await SendAsync(recorder, Fixes.At(-30), Fixes.At(-30));
        await recorder.RecordAsync([Fixes.At(-20)], VehicleStatus.Parked, never);

        Assert.Null(recorder.LastRefusal);
    }

    private Task<Guid> VehicleAsync() => database.AddVehicleAsync($"R-{Guid.NewGuid():N}"[..12]);

    private async Task<PositionRecorder> RecorderAsync(Guid vehicle)
    {
        var recorder = database.Recorder(vehicle, _writer);
        await recorder.RestoreAsync();
        return recorder;
    }

    private static async Task<FixOutcome[]> SendAsync(PositionRecorder recorder, params PositionFix[] fixes) =>
        [.. (await recorder.RecordAsync(fixes, VehicleStatus.Parked)).Value.Select(result => result.Outcome)];

    private async Task TellAsync()
    {
        await database.Refusals.FlushAsync(CancellationToken.None);
        using var watch = new RefusalWatch(database.Source, _commits, database.Time, NullLogger<RefusalWatch>.Instance);
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
    }

    private Task<string?> ToldAsync(Guid vehicle) => database.ScalarAsync<string>($"""
        SELECT string_agg(concat_ws(' ', type, data->>'reason', data->>'offBySeconds', data->>'count'), ', ' ORDER BY sequence)
        FROM change_event WHERE entity_id = '{vehicle}'
        """);
}
