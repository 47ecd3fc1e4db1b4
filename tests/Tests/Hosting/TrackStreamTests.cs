using System.Net;
using ChargeCars.Api.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Hosting;

/// <summary>A long track on its way: a page in memory, and an end that nobody takes for the track's.</summary>
[Collection(HostCollection.Name)]
public sealed class TrackStreamTests(RunningHost host)
{
    private const int Many = 300_000;

    [Fact]
    public async Task Track_ReadSlowly_HoldsOnePage()
    {
        var pages = 0;
        var fixes = VehicleTrack.FixesAsync(ReadAsync, () => ValueTask.FromResult(true));
        var taken = 0;
        await foreach (var fix in fixes)
        {
            Assert.Equal(taken, (fix.FixTime - DateTimeOffset.UnixEpoch).TotalSeconds);
            taken++;
            Assert.Equal(((taken - 1) / VehicleTrack.PageSize) + 1, pages);
        }

        Assert.Equal(5_500, taken);

        Task<IReadOnlyList<RecordedFix>> ReadAsync(FixKey? after)
        {
            pages++;
            var first = after is { } last ? (int)(last.FixTime - DateTimeOffset.UnixEpoch).TotalSeconds + 1 : 0;
            return Task.FromResult<IReadOnlyList<RecordedFix>>([.. Enumerable.Range(first, Math.Min(VehicleTrack.PageSize, 5_500 - first)).Select(second =>
                new RecordedFix(new(DateTimeOffset.UnixEpoch.AddSeconds(second), 52, 5, null, null, null, null, null, null, "api"), default))]);
        }
    }

    [Fact]
    public async Task Track_OfAVehicleThatIsDeletedMeanwhile_BreaksOff()
    {
        var id = await VanWithALongDayAsync();
        using var answer = await host.Administrator.GetAsync($"/api/vehicles/{id}/track.gpx", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var deleted = await host.Administrator.DeleteAsync($"/api/vehicles/{id}", "1");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        // Until every part of the host has heard of it.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await host.Administrator.GetAsync($"/api/vehicles/{id}/positions", patience.Token)).StatusCode != HttpStatusCode.NotFound)
        {
        }

        await BreaksOffAsync(answer);
    }

    [Fact]
    public async Task Track_OfWhoeverLosesTheScopeMeanwhile_BreaksOff()
    {
        var id = await VanWithALongDayAsync();
        using var technician = await host.AsRoleAsync("technician", id);
        using var answer = await technician.GetAsync($"/api/vehicles/{id}/track.gpx", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var ended = await technician.PostAsync("/api/auth/logout", null);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);

        await BreaksOffAsync(answer);
    }

    private static async Task BreaksOffAsync(HttpResponseMessage answer)
    {
        var read = 0L;
        var fault = await Record.ExceptionAsync(async () =>
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[64 * 1024];
            while (await body.ReadAsync(buffer) is > 0 and var count)
            {
                read += count;
            }
        });

        Assert.True(fault is IOException or HttpRequestException, $"It ended as if it were whole, after {read} bytes: {fault}");
        Assert.InRange(read, 1, Many * 100L);
    }

    // Far more than the buffers of both ends take: the host must wait for its reader.
    private async Task<Guid> VanWithALongDayAsync()
    {
        var id = await host.CreateVehicleAsync();
        await using var command = host.Database.DataSource.CreateCommand($"""
            INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source)
            SELECT '{id}', now() - interval '20 hours' + n * interval '0.2 second', now(), 52.123456, 5.123456, 'api' FROM generate_series(1, {Many}) AS n
            """);
        await command.ExecuteNonQueryAsync();
        return id;
    }
}
