using System.Text.Json;
using System.Text.Json.Serialization;
using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Platform.Live;

/// <summary>What the server calls on a client.</summary>
public interface IDispatchClient
{
    /// <summary>Where vehicles are now: at most 100 a message and, per vehicle, four a second.</summary>
    Task Positions(PositionsMessage message);

    /// <summary>Committed changes, ascending by sequence; each once.</summary>
    Task Changes(ChangesMessage message);

    /// <summary>The server can't replay what this connection missed: call <c>Watch</c> again without <c>since</c>.</summary>
    Task Resync(ResyncMessage message);
}

/// <summary>The positions of a moment.</summary>
public sealed record PositionsMessage(IReadOnlyList<PositionItem> Items);

/// <summary>Where one vehicle is.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="FixTime">When it was there, UTC.</param>
/// <param name="Latitude">Degrees, WGS84.</param>
/// <param name="Longitude">Degrees, WGS84.</param>
/// <param name="SpeedKmh">km/h.</param>
/// <param name="HeadingDegrees">Clockwise from north.</param>
/// <param name="AccuracyMeters">Metres.</param>
/// <param name="OperationalStatus">What the vehicle is doing.</param>
/// <param name="Freshness">How old the position is.</param>
public sealed record PositionItem(
    Guid VehicleId,
    DateTimeOffset FixTime,
    double Latitude,
    double Longitude,
    double? SpeedKmh,
    double? HeadingDegrees,
    double? AccuracyMeters,
    VehicleStatus OperationalStatus,
    Freshness Freshness);

/// <summary>Changes, ascending by sequence.</summary>
public sealed record ChangesMessage(IReadOnlyList<ChangeEvent> Items);

/// <summary>Why a client must start afresh.</summary>
public sealed record ResyncMessage(string Reason);

/// <summary>What a client wants to follow.</summary>
public sealed record WatchRequest
{
    /// <summary>Any of fleet, orders, visits, threads, calls, notifications, alerts and the others of the contract; at least one.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>Positions inside this area only, and those of <see cref="VehicleIds"/>.</summary>
    public WatchArea? Area { get; init; }

    /// <summary>Narrows the fleet to these vehicles, at most 1,000. Empty or absent: all.</summary>
    public IReadOnlyList<Guid>? VehicleIds { get; init; }

    /// <summary>Narrows orders and visits to these orders, at most 1,000. Empty or absent: all.</summary>
    public IReadOnlyList<Guid>? OrderIds { get; init; }

    /// <summary>The last sequence that the client has; absent for a snapshot.</summary>
    public long? Since { get; init; }

    /// <summary>What the contract does not know; refused by name.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>A rectangle on the map, degrees WGS84; west &gt; east spans the date line.</summary>
public sealed record WatchArea
{
    /// <summary>The lower latitude.</summary>
    public double? South { get; init; }

    /// <summary>The left longitude.</summary>
    public double? West { get; init; }

    /// <summary>The upper latitude.</summary>
    public double? North { get; init; }

    /// <summary>The right longitude.</summary>
    public double? East { get; init; }
}
