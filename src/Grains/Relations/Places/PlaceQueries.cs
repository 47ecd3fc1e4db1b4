using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Relations.Places;

/// <summary>Reads the register of addresses that was loaded.</summary>
public sealed class PlaceQueries(NpgsqlDataSource source)
{
    /// <summary>So far from an address one is not at it any more, metres.</summary>
    public const double Reach = 300;

    /// <summary>East and west shrink by this on the Dutch parallels: within 3 % from Limburg to the islands.</summary>
    internal const double Shrink = 0.6129;

    private const string Columns = "s.street, a.house_number, a.postal_code, s.town, coalesce(a.latitude, s.latitude), coalesce(a.longitude, s.longitude)";

    // The nearest first, by the index: joined with its street only then.
    private const string Nearest = $"""
        WITH a AS MATERIALIZED (SELECT * FROM place_address ORDER BY plane <-> point($1, $2) LIMIT 1)
        SELECT {Columns} FROM a JOIN place_street s ON s.id = a.street_id AND s.extract_id = a.extract_id
        """;

    private const string OfPostalCode = $"""
        SELECT {Columns} FROM place_address a JOIN place_street s ON s.id = a.street_id AND s.extract_id = a.extract_id
        WHERE a.postal_code = $1 AND ($2 IS NULL OR a.number = $2) ORDER BY upper(a.house_number) = $3 DESC, a.number, a.house_number LIMIT $4
        """;

    // Folded names are of a to z and 0 to 9: what begins with a word lies between it and the word with a tilde.
    private const string OfStreet = $"""
        WITH s AS MATERIALIZED (
            SELECT DISTINCT ON (s.extract_id, s.id) s.*, s.folded_street = meant.street AS is_street, s.folded_town = meant.town AS is_town
            FROM unnest($1, $2) AS meant (street, town)
            JOIN place_street s ON s.folded_street >= meant.street AND s.folded_street < meant.street || '~' AND s.folded_town >= meant.town AND s.folded_town < meant.town || '~'
            ORDER BY s.extract_id, s.id, is_street DESC, is_town DESC)
        SELECT {Columns} FROM (SELECT * FROM s ORDER BY is_street DESC, is_town DESC, length(folded_street), town LIMIT $5) s
        LEFT JOIN LATERAL (
            SELECT * FROM place_address a WHERE a.street_id = s.id AND a.extract_id = s.extract_id AND a.number = $3
            ORDER BY upper(a.house_number) = $4 DESC, a.house_number LIMIT 1) a ON true
        ORDER BY a.number IS NULL, s.is_street DESC, s.is_town DESC, length(s.folded_street), s.town
        """;

    private const string Loaded = "SELECT EXISTS (SELECT FROM place_extract)";

    /// <summary>Whether there is a register at all.</summary>
    public async Task<bool> IsLoadedAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Loaded);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The address nearest to a place; null where none is within <see cref="Reach"/>.</summary>
    public async Task<Place?> NearestAsync(double latitude, double longitude, CancellationToken cancellation)
    {
        var near = await ReadAsync(Nearest, [Sql.Double(longitude * Shrink), Sql.Double(latitude)], cancellation);
        return near is [var place] && Geo.Distance(latitude, longitude, place.Latitude, place.Longitude) <= Reach ? place : null;
    }

    /// <summary>The addresses and streets that a text may mean, the likeliest first.</summary>
    public async Task<IReadOnlyList<Place>> FindAsync(string text, int limit, CancellationToken cancellation)
    {
        var asked = PlaceQuestion.Of(text);
        return asked.PostalCode is not null
            ? await ReadAsync(OfPostalCode, [Sql.Text(asked.PostalCode), Sql.Integer(asked.Number), Sql.Text(asked.HouseNumber), Sql.Integer(limit)], cancellation)
            : asked.Readings.Count == 0
            ? []
            : await ReadAsync(
                OfStreet,
                [
                    Sql.Array(NpgsqlDbType.Text, asked.Readings.Select(reading => reading.Street).ToArray()),
                    Sql.Array(NpgsqlDbType.Text, asked.Readings.Select(reading => reading.Town).ToArray()),
                    Sql.Integer(asked.Number), Sql.Text(asked.HouseNumber), Sql.Integer(limit),
                ],
                cancellation);
    }

    private async Task<IReadOnlyList<Place>> ReadAsync(string sql, NpgsqlParameter[] values, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddRange(values);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var places = new List<Place>();
        while (await row.ReadAsync(cancellation))
        {
            places.Add(new(
                row.GetString(0), row.Optional<string>(1), row.Optional<string>(2), row.GetString(3), row.GetDouble(4), row.GetDouble(5), Place.OfExtract));
        }

        return places;
    }
}
