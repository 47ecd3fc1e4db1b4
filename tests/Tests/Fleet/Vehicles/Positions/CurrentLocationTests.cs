using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class CurrentLocationTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    [Fact]
    public async Task Flush_AfterMoves_WritesTheNewestWithoutAVersion()
    {
        var vehicle = await database.AddVehicleAsync("C-1");
        using var locations = database.Locations();
        await FollowAsync(locations, At(vehicle, 1), At(vehicle, 3), At(vehicle, 2));

        await locations.FlushAsync(CancellationToken.None);

        Assert.Equal(Fixes.Noon.AddSeconds(3), await SeenAsync(vehicle));
        Assert.Equal(1, await database.ScalarAsync<long>($"SELECT version FROM vehicle WHERE id = '{vehicle}'"));
        Assert.Equal(
            "52.5", await database.ScalarAsync<string>($"SELECT current_location->>'latitude' FROM vehicle WHERE id = '{vehicle}'"));
        Assert.Equal(
            "6", await database.ScalarAsync<string>($"SELECT current_location->>'accuracy_meters' FROM vehicle WHERE id = '{vehicle}'"));
    }

    [Fact]
    public async Task Flush_OfAnOlderPosition_LeavesTheRow()
    {
        var vehicle = await database.AddVehicleAsync("C-2");
        using var locations = database.Locations();
        await FollowAsync(locations, At(vehicle, 5));
        await locations.FlushAsync(CancellationToken.None);
        await FollowAsync(locations, At(vehicle, 4));

        await locations.FlushAsync(CancellationToken.None);

        Assert.Equal(Fixes.Noon.AddSeconds(5), await SeenAsync(vehicle));
    }

    [Fact]
    public async Task Forget_OfATime_KeepsWhatWaitsOfItFromTheRow()
    {
        var (vehicle, other) = (await database.AddVehicleAsync("C-8"), await database.AddVehicleAsync("C-9"));
        using var locations = database.Locations();
        await FollowAsync(locations, At(vehicle, 5), At(other, 5));

        await locations.ForgetAsync(vehicle, Fixes.Noon.AddSeconds(5), Fixes.Noon.AddSeconds(6));
        await locations.ForgetAsync(other, Fixes.Noon, Fixes.Noon.AddSeconds(5));
        await locations.FlushAsync(CancellationToken.None);

        Assert.Null(await SeenAsync(vehicle));
        Assert.Equal(Fixes.Noon.AddSeconds(5), await SeenAsync(other));
    }

    [Fact]
    public async Task Flush_OfAFixThatIsNoMoreOnDisk_LeavesTheRow()
    {
        var (gone, replaced, kept) = (await database.AddVehicleAsync("C-10"), await database.AddVehicleAsync("C-11"), await database.AddVehicleAsync("C-12"));
        using var locations = database.Locations();
        locations.Follow([At(gone, 5), At(replaced, 5)]);
        // Another tracker's fix of that moment says nothing of this one's place.
        await database.StoreAsync(At(replaced, 5) with { Latitude = 52.6 });
        await FollowAsync(locations, At(kept, 5));

        await locations.FlushAsync(CancellationToken.None);

        Assert.Null(await SeenAsync(gone));
        Assert.Null(await SeenAsync(replaced));
        Assert.Equal(Fixes.Noon.AddSeconds(5), await SeenAsync(kept));
    }

    [Fact]
    public async Task Flush_WhileACommandHoldsTheRow_PassesItOverAndWritesItNextTime()
    {
        var (held, free) = (await database.AddVehicleAsync("C-3"), await database.AddVehicleAsync("C-4"));
        using var locations = database.Locations();
        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await using var command = await connection.BeginTransactionAsync();
            await using var update = new Npgsql.NpgsqlCommand($"UPDATE vehicle SET version = 2 WHERE id = '{held}'", connection);
            await update.ExecuteNonQueryAsync();
            await FollowAsync(locations, At(held, 1), At(free, 1));

            await locations.FlushAsync(CancellationToken.None);

            Assert.Equal(Fixes.Noon.AddSeconds(1), await SeenAsync(free));
            await command.CommitAsync();
        }

        await locations.FlushAsync(CancellationToken.None);

        Assert.Equal(Fixes.Noon.AddSeconds(1), await SeenAsync(held));
    }

    [Fact]
    public async Task FlushNext_OnceForEachPart_WritesTheFleetInParts()
    {
        var vehicles = new List<Guid>();
        for (var i = 0; i < 3 * CurrentLocationWriter.Parts; i++)
        {
            vehicles.Add(await database.AddVehicleAsync($"P-{i}"));
        }

        using var locations = database.Locations();
        await FollowAsync(locations, [.. vehicles.Select(vehicle => At(vehicle, 1))]);
        var written = new List<int>();
        for (var part = 0; part < CurrentLocationWriter.Parts; part++)
        {
            await locations.FlushNextAsync(CancellationToken.None);
            var seen = await Task.WhenAll(vehicles.Select(SeenAsync));
            written.Add(seen.Count(at => at is not null));
        }

        Assert.Equal(vehicles.Count, written[^1]);
        Assert.Equal(written.Order(), written);
        Assert.True(written[0] < vehicles.Count, "All were written at once.");
    }

    [Fact]
    public async Task Stop_WithMovesThatWait_WritesThem()
    {
        var vehicle = await database.AddVehicleAsync("C-5");
        using var locations = database.Locations();
        await locations.StartAsync(CancellationToken.None);
        await FollowAsync(locations, At(vehicle, 1));

        await locations.StopAsync(CancellationToken.None);

        Assert.Equal(Fixes.Noon.AddSeconds(1), await SeenAsync(vehicle));
    }

    private static LivePosition At(Guid vehicle, double seconds) =>
        new(vehicle, Fixes.Noon.AddSeconds(seconds), 52.5, 5, 48.5, 90, 5.6, null, VehicleStatus.Driving);

    private async Task FollowAsync(CurrentLocationWriter locations, params LivePosition[] positions)
    {
        await database.StoreAsync(positions);
        locations.Follow(positions);
    }

    private async Task<DateTimeOffset?> SeenAsync(Guid vehicle)
    {
        await using var command = database.Source.CreateCommand("SELECT last_location_update FROM vehicle WHERE id = $1");
        command.Parameters.Add(Sql.Uuid(vehicle));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.OptionalValue<DateTimeOffset>(0);
    }
}
