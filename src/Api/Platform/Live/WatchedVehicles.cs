using System.Text.Json;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Npgsql;

namespace ChargeCars.Api.Platform.Live;

/// <summary>The vehicles of one answer: which rows belong in it, each with the newest position that is known.</summary>
/// <param name="filter">What is watched.</param>
/// <param name="board">What this node has heard: a row may be two seconds behind.</param>
/// <param name="positions">When a position is old.</param>
/// <param name="now">When it is asked.</param>
/// <param name="resumed">Whether the client has the others.</param>
/// <param name="sinceAt">When the last change that it has was made; null where that is not known.</param>
internal sealed class WatchedVehicles(
    WatchFilter filter, PositionBoard board, PositionOptions positions, DateTimeOffset now, bool resumed, DateTimeOffset? sinceAt)
{
    public static readonly string Select = $"""
        SELECT {VehicleQueries.Columns}
        FROM vehicle WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY license_plate, id
        """;

    /// <summary>Between a commit and its position's arrival here, and between two hosts' clocks.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly List<Guid> _inside = [];

    /// <summary>Those read so far whose position is inside the area that is watched.</summary>
    public IReadOnlyList<Guid> Inside => _inside;

    /// <summary>The vehicle of a row of <see cref="Select"/>; null where it does not belong in the answer.</summary>
    public VehicleSnapshot? Read(NpgsqlDataReader row)
    {
        var (id, at) = (row.GetGuid(0), row.OptionalValue<DateTimeOffset>(VehicleQueries.LocationAt + 1));
        if (!filter.Positions)
        {
            // How old its position is may be known, and where and when it was not.
            return resumed ? null : new(VehicleKind.Rows.Read(row)) { Freshness = positions.FreshnessOf(NewestAt(id, at), now) };
        }

        Location? location;
        if (board.TryGet(id, out var heard) && (at is null || heard.FixTime > at))
        {
            (location, at) = (heard.ToLocation(), heard.FixTime);
        }
        else
        {
            location = row.Optional<string>(VehicleQueries.LocationAt) is { } json ? JsonSerializer.Deserialize<Location>(json, RowJson.Options) : null;
        }

        var covered = location is not null && filter.Covers(id, location.Latitude, location.Longitude);
        if (resumed && !(covered && MayBeNews(id, at)))
        {
            return null;
        }

        if (covered && filter.Area is not null)
        {
            _inside.Add(id);
        }

        return new(VehicleKind.Rows.Read(row)) { CurrentLocation = location, LastLocationUpdate = at, Freshness = positions.FreshnessOf(at, now) };
    }

    private DateTimeOffset? NewestAt(Guid id, DateTimeOffset? row) =>
        board.TryGet(id, out var heard) && (row is null || heard.FixTime > row) ? heard.FixTime : row;

    /// <summary>
    /// Whether a client that was away may have missed this position. Inside an area always, as the client may have moved its
    /// area; else by when it came, or, where this node was not there to hear it, by doubt.
    /// </summary>
    private bool MayBeNews(Guid id, DateTimeOffset? at) =>
        filter.Area is not null
        || sinceAt is not { } since || board.Since > since - Margin
        || at >= since - Margin
        || board.MovedSince(id, since - Margin);
}
