using ChargeCars.Api.Platform.Feeds;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>
/// One poll: what ULU has that we don't, vehicle by vehicle. It may bring a point twice, never lose one: the cursor moves
/// behind what is on disk. What ULU does not serve of one vehicle is that vehicle's: it is asked again later, and the others are
/// read.
/// </summary>
internal sealed partial class UluPoll(
    UluClient client, UluVehicleReader reader, VehicleDirectory directory, IOptions<UluOptions> options, TimeProvider time, ILogger<UluPoll> logger)
{
    /// <summary>The <c>source</c> of fixes that come from ULU.</summary>
    public const string Source = "ulu";

    /// <summary>How often older trips are looked through for such as are private by now.</summary>
    private static readonly TimeSpan Review = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the cursor of a vehicle is kept that ULU does not list any more. It may be back: a list that was short for a day must
    /// not cost the trips of that day.
    /// </summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>So many vehicles in a row that are not served may be a service that is not there any more.</summary>
    private const int Suspicious = 3;

    // Not in the cursor: where another host goes on it asks once more.
    private readonly Dictionary<string, UluRefusals> _refusals = [];

    /// <summary>Moves the cursor as far as it gets. Throws where ULU or our own side does not answer, for no vehicle at all.</summary>
    public async Task RunAsync(UluCursor cursor, CancellationToken cancellation)
    {
        var vehicles = await client.VehiclesAsync(cancellation);
        var (served, refused, inARow) = (0, 0, 0);
        UluException? last = null;
        foreach (var vehicle in vehicles)
        {
            if (_refusals.TryGetValue(vehicle.Id, out var refusals) && time.GetUtcNow() < refusals.NotBefore)
            {
                continue;
            }

            var first = time.GetUtcNow() - options.Value.LookBack;
            var known = cursor.Vehicles.GetValueOrDefault(vehicle.Id);
            var hasNews = vehicle.HeartbeatAt is null || vehicle.HeartbeatAt != known?.HeartbeatAt;
            var isReviewed = known?.ReviewedAt is { } reviewed && time.GetUtcNow() - reviewed < Review;
            if (!hasNews && isReviewed)
            {
                served++;
            }
            else if (await directory.FindAsync(VehicleKey.OfUlu(vehicle.Id), cancellation) is { } id)
            {
                last = await ReadAsync(id, vehicle, known ?? new(first, first, null, []), isReviewed, cursor, cancellation);
                (served, refused, inARow) = last is null ? (served + 1, refused, 0) : (served, refused + 1, inARow + 1);
                Note(vehicle.Id, last);
                if (last is not null && inARow % Suspicious == 0)
                {
                    await client.VehiclesAsync(cancellation);
                }
            }
        }

        foreach (var gone in cursor.Vehicles.Keys.Concat(_refusals.Keys).Except(vehicles.Select(vehicle => vehicle.Id)).ToList())
        {
            _refusals.Remove(gone);
            if (cursor.Vehicles.TryGetValue(gone, out var known) && time.GetUtcNow() - (known.ReviewedAt ?? known.First) > Kept)
            {
                cursor.Vehicles.Remove(gone);
            }
        }

        if (refused > 0 && served == 0)
        {
            // All wait for the service together, then.
            _refusals.Clear();
            throw new UluException(UluPart.Service, $"ULU serves none of {refused} vehicles. {last!.Message}");
        }
    }

    /// <summary>Moves the vehicle's cursor as far as it gets; answers what ULU did not serve of it, null for nothing.</summary>
    private async Task<UluException?> ReadAsync(
        Guid id, UluVehicle vehicle, UluVehicleCursor known, bool isReviewed, UluCursor cursor, CancellationToken cancellation)
    {
        try
        {
            (cursor.Vehicles[vehicle.Id], var fault) = await reader.ReadAsync(id, vehicle, known, isReviewed, cancellation);
            return fault;
        }
        catch (UluException fault) when (fault.Part != UluPart.Service)
        {
            return fault;
        }
    }

    private void Note(string vehicle, UluException? fault)
    {
        var before = _refusals.GetValueOrDefault(vehicle).Count;
        if (fault is null)
        {
            if (_refusals.Remove(vehicle))
            {
                LogServed(logger, vehicle, before);
            }

            return;
        }

        var wait = FeedBackoff.After(before + 1, options.Value.Interval);
        _refusals[vehicle] = new(before + 1, time.GetUtcNow() + wait);
        if (before == 0)
        {
            LogRefusedVehicle(logger, vehicle, wait, fault.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "ULU does not serve its vehicle {Id}: it is asked again in {Wait} and then ever later, and the others are read. {Message}")]
    private static partial void LogRefusedVehicle(ILogger logger, string id, TimeSpan wait, string message);

    [LoggerMessage(LogLevel.Information, "ULU serves its vehicle {Id} again after {Refusals} polls in which it did not")]
    private static partial void LogServed(ILogger logger, string id, int refusals);

    /// <summary>How often in a row a vehicle was not served, and until when it is left alone.</summary>
    private readonly record struct UluRefusals(int Count, DateTimeOffset NotBefore);
}
