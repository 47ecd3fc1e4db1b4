using ChargeCars.Relations.Addresses;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Relations.Places;

/// <summary>What a loading brought.</summary>
/// <param name="Streets">How many streets.</param>
/// <param name="Addresses">How many addresses.</param>
public sealed record PlaceLoading(int Streets, int Addresses);

/// <summary>
/// Loads the register of addresses in place of the one before. It is written beside that one, which is read meanwhile, and takes its place in
/// one transaction: a loading that fails, or is stopped, leaves what was there. On a connection of the tables' owner.
/// </summary>
public sealed class PlaceLoader(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>One loading at a time.</summary>
    private const long LockKey = 0x4343_504C_4143;

    private const string Take = "SELECT pg_try_advisory_lock($1)";

    // What a loading that was killed left behind hangs on no parent.
    private const string Begin = """
        SELECT coalesce(max(id), 0) + 1, (SELECT string_agg(format('DROP TABLE %I', relname), '; ') FROM pg_class
            WHERE relname ~ '^place_(street|address)_[0-9]+$' AND relkind = 'r' AND NOT relispartition)
        FROM place_extract
        """;

    /// <summary>Loads all of it.</summary>
    /// <param name="rows">The addresses; read once.</param>
    /// <param name="name">What they are from.</param>
    /// <param name="check">Called when all are read and before they count; throws where there were too many faults.</param>
    /// <param name="cancellation">Gives up: what was there stays.</param>
    /// <exception cref="InvalidOperationException">Another loading is under way.</exception>
    public async Task<PlaceLoading> LoadAsync(IEnumerable<PlaceRow> rows, string name, Action<PlaceLoading> check, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var take = new NpgsqlCommand(Take, connection) { Parameters = { new() { Value = LockKey } } };
        if (!(bool)(await take.ExecuteScalarAsync(cancellation))!)
        {
            throw new InvalidOperationException("Addresses are being loaded already.");
        }

        try
        {
            var (id, leftovers) = await BeginAsync(connection, cancellation);
            await RunAsync(connection, $"""
                {leftovers};
                CREATE TABLE place_street_{id} (LIKE place_street INCLUDING DEFAULTS);
                CREATE TABLE place_address_{id} (LIKE place_address INCLUDING DEFAULTS)
                """, cancellation);
            var loaded = await CopyAsync(connection, id, rows, cancellation);
            check(loaded);
            await ReplaceAsync(connection, id, name, loaded, cancellation);
            return loaded;
        }
        finally
        {
            // A pool gives the connection to the next one, and its lock with it.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                await RunAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
    }

    private static async Task<(int Id, string Leftovers)> BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Begin, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt32(0), await row.IsDBNullAsync(1, cancellation) ? "SELECT" : row.GetString(1));
    }

    private static async Task<PlaceLoading> CopyAsync(NpgsqlConnection connection, int id, IEnumerable<PlaceRow> rows, CancellationToken cancellation)
    {
        var streets = new Dictionary<(string Street, string Town), Middle>();
        var addresses = 0;
        await using (var copy = await connection.BeginBinaryImportAsync(
            $"COPY place_address_{id} (extract_id, street_id, number, house_number, postal_code, latitude, longitude, plane) FROM STDIN (FORMAT binary)", cancellation))
        {
            foreach (var row in rows)
            {
                if (!streets.TryGetValue((row.Street, row.Town), out var street))
                {
                    streets.Add((row.Street, row.Town), street = new(streets.Count + 1));
                }

                street.Add(row);
                var number = HouseNumber.Readings(row.HouseNumber)[0];
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(id, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(street.Id, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(number.Number, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(number.ToString(), NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(row.PostalCode, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(row.Latitude, NpgsqlDbType.Double, cancellation);
                await copy.WriteAsync(row.Longitude, NpgsqlDbType.Double, cancellation);
                await copy.WriteAsync(new NpgsqlPoint(row.Longitude * PlaceQueries.Shrink, row.Latitude), NpgsqlDbType.Point, cancellation);
                addresses++;
            }

            await copy.CompleteAsync(cancellation);
        }

        await using (var copy = await connection.BeginBinaryImportAsync(
            $"COPY place_street_{id} (extract_id, id, street, town, folded_street, folded_town, latitude, longitude) FROM STDIN (FORMAT binary)", cancellation))
        {
            foreach (var ((street, town), middle) in streets)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(id, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(middle.Id, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(street, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(town, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(PlaceQuestion.Fold(street), NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(PlaceQuestion.Fold(town), NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(middle.Latitude, NpgsqlDbType.Double, cancellation);
                await copy.WriteAsync(middle.Longitude, NpgsqlDbType.Double, cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }

        return new(streets.Count, addresses);
    }

    // Indexes are made over all rows at once, which is many times faster than row by row; attaching takes them over.
    private async Task ReplaceAsync(NpgsqlConnection connection, int id, string name, PlaceLoading loaded, CancellationToken cancellation)
    {
        await RunAsync(connection, $"""
            CREATE INDEX ON place_street_{id} (id);
            CREATE INDEX ON place_street_{id} (folded_street, folded_town);
            CREATE INDEX ON place_address_{id} (street_id, number);
            CREATE INDEX ON place_address_{id} (postal_code, number);
            CREATE INDEX ON place_address_{id} USING gist (plane);
            ALTER TABLE place_street_{id} ADD CHECK (extract_id = {id});
            ALTER TABLE place_address_{id} ADD CHECK (extract_id = {id});
            ANALYZE place_street_{id}, place_address_{id}
            """, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, $"""
            DO $$
            DECLARE old text;
            BEGIN
                FOR old IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN ('place_street'::regclass, 'place_address'::regclass) LOOP
                    EXECUTE 'DROP TABLE ' || old;
                END LOOP;
            END
            $$;
            ALTER TABLE place_street ATTACH PARTITION place_street_{id} FOR VALUES IN ({id});
            ALTER TABLE place_address ATTACH PARTITION place_address_{id} FOR VALUES IN ({id});
            DELETE FROM place_extract
            """, cancellation);
        await using var insert = new NpgsqlCommand("INSERT INTO place_extract (id, source, loaded_at, streets, addresses) VALUES ($1, $2, $3, $4, $5)", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = name }, new() { Value = time.GetUtcNow() }, new() { Value = loaded.Streets }, new() { Value = loaded.Addresses } },
        };
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A street, and the middle of its addresses.</summary>
    private sealed class Middle(int id)
    {
        private double _latitude;
        private double _longitude;
        private int _count;

        public int Id => id;

        public double Latitude => _latitude / _count;

        public double Longitude => _longitude / _count;

        public void Add(PlaceRow row)
        {
            _latitude += row.Latitude;
            _longitude += row.Longitude;
            _count++;
        }
    }
}
