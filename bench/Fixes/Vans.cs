using Npgsql;

namespace ChargeCars.Bench.Fixes;

/// <summary>Vehicles whose ids and trackers follow from their numbers, so that every party can name them.</summary>
internal static class Vans
{
    /// <summary>Makes the vehicles 0 to <paramref name="count"/> − 1.</summary>
    public static async Task MakeAsync(NpgsqlDataSource database, int count)
    {
        await using var insert = database.CreateCommand("""
            INSERT INTO vehicle (id, license_plate, vehicle_type, device_id)
            SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'BENCH-' || n, 'van', lpad(n::text, 15, '0')
            FROM generate_series(0, $1 - 1) n
            """);
        insert.Parameters.Add(new NpgsqlParameter { Value = count });
        await insert.ExecuteNonQueryAsync();
        await using var analyze = database.CreateCommand("ANALYZE vehicle");
        await analyze.ExecuteNonQueryAsync();
    }

    public static Guid IdOf(int number) => Guid.Parse($"00000000-0000-7000-8000-{number:000000000000}");

    public static string DeviceOf(int number) => $"{number:000000000000000}";
}
