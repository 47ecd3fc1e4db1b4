using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.SignalR;

namespace ChargeCars.Api.Platform.Live;

/// <summary>Checks a request to watch; a fault is told to the client by the field's name.</summary>
internal static class WatchRules
{
    private const int MaximumIds = 1_000;

    public static WatchFilter Check(WatchRequest? request, Caller caller)
    {
        if (request is null)
        {
            throw new HubException("Watch takes an object with topics.");
        }

        Require(request.Unknown is not { Count: > 0 }, () => $"{string.Join(", ", request.Unknown!.Keys)}: not a field of Watch.");
        Require(request.Since is null or >= 0, () => $"since: a sequence is 0 or more, not {request.Since}.");
        return new WatchFilter(
            CheckTopics(request.Topics, caller), CheckArea(request.Area),
            CheckIds("vehicleIds", request.VehicleIds), CheckIds("orderIds", request.OrderIds), caller);
    }

    private static List<Topic> CheckTopics(IReadOnlyList<string>? names, Caller caller)
    {
        var known = string.Join(", ", Topics.ByName.Keys.Order(StringComparer.Ordinal));
        Require(names is { Count: > 0 and <= 20 }, () => $"topics: name one or more of {known}.");
        var topics = new List<Topic>();
        foreach (var name in names!.Distinct())
        {
            if (name is null || !Topics.ByName.TryGetValue(name, out var topic))
            {
                throw new HubException($"topics: '{name}' is not one of {known}.");
            }

            Require(caller.Permissions.Contains(topic.Permission), () => $"topics: {name} needs the permission {topic.Permission}.");
            topics.Add(topic);
        }

        return topics;
    }

    private static Area? CheckArea(WatchArea? area)
    {
        if (area is null)
        {
            return null;
        }

        Require(
            area is { South: not null, West: not null, North: not null, East: not null },
            () => "area: give south, west, north and east, in degrees.");
        Require(
            Within(area.South, 90) && Within(area.North, 90) && Within(area.West, 180) && Within(area.East, 180),
            () => "area: latitudes are -90 to 90 and longitudes -180 to 180.");
        Require(area.South <= area.North, () => $"area: south ({area.South}) must not be more than north ({area.North}).");
        return new(area.South!.Value, area.West!.Value, area.North!.Value, area.East!.Value);
    }

    private static IReadOnlyList<Guid> CheckIds(string field, IReadOnlyList<Guid>? ids)
    {
        Require(ids is null || ids.Count <= MaximumIds, () => $"{field}: at most {MaximumIds}, not {ids!.Count}.");
        return ids ?? [];
    }

    private static bool Within(double? degrees, double most) => degrees >= -most && degrees <= most;

    private static void Require(bool good, Func<string> fault)
    {
        if (!good)
        {
            throw new HubException(fault());
        }
    }
}
