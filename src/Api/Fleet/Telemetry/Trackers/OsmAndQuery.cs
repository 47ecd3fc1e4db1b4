using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>
/// OsmAnd's and the older Traccar Client's way: parameters in the address or in a form. Speed is in knots unless
/// <c>speedUnit</c> names another: the app OsmAnd sends metres a second. Where two parameters say the same thing one of them
/// goes first, so that their order never matters; what we have no use for (battery, cells, any other key) is read past.
/// </summary>
internal struct OsmAndQuery()
{
    private TrackerReport _report = new();
    private string? _id, _deviceId;
    private double? _latitude, _longitude, _placeLatitude, _placeLongitude, _bearing, _heading, _speed;
    private Func<double?, double?> _toKmh = TrackerReport.FromKnots;
    private BodyFault? _fault;

    /// <summary>For the endpoint to state.</summary>
    public static QueryParameter[] Parameters { get; } =
    [
        new("id", "required here or in the body: the tracker's id"), new("lat", "degrees"), new("lon", "degrees"), new("location", "lat,lon instead"),
        new("timestamp", "unix seconds or milliseconds, ISO 8601, or yyyy-MM-dd HH:mm:ss in UTC; now where it is left out"),
        new("valid", "whether the tracker vouches for its place"), new("speed", "knots, or the speedUnit"),
        new("speedUnit", "kn, m/s or km/h"), new("bearing", "degrees clockwise from north"),
        new("altitude", "metres"), new("accuracy", "metres"), new("odometer", "metres, by the vehicle's own count"), new("ignition", "true or false"),
    ];

    /// <summary>The report in the address and the form together, or why there is none.</summary>
    public static (TrackerReport Report, BodyFault? Fault) Read(string? query, string? form)
    {
        var reading = new OsmAndQuery();
        reading.ReadAll(query);
        reading.ReadAll(form);
        return (reading.ToReport(), reading._fault);
    }

    private void ReadAll(string? parameters)
    {
        foreach (var pair in new QueryStringEnumerable(parameters))
        {
            var value = pair.DecodeValue().Span.Trim();
            if (!value.IsEmpty)
            {
                ReadOne(pair.DecodeName().Span, value);
            }
        }
    }

    private void ReadOne(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case "id": _id = value.ToString(); break;
            case "deviceid": _deviceId = value.ToString(); break;
            case "timestamp": ReadTime(value); break;
            case "lat": _latitude = Degrees("lat", value); break;
            case "lon": _longitude = Degrees("lon", value); break;
            case "location": ReadPlace(value); break;
            case "valid": _report.IsValid = TrackerText.Truth(value) is true; break;
            case "speed": _speed = TrackerText.Number(value); break;
            case "speedUnit": ReadSpeedUnit(value); break;
            case "bearing": _bearing = TrackerText.Number(value); break;
            case "heading": _heading = TrackerText.Number(value); break;
            case "altitude": _report.Altitude = TrackerText.Number(value); break;
            case "accuracy": _report.Accuracy = TrackerText.Number(value); break;
            case "odometer": _report.OdometerMeters = TrackerText.Number(value); break;
            case "ignition": _report.Ignition = TrackerText.Truth(value); break;
            default: break;
        }
    }

    private void ReadTime(ReadOnlySpan<char> value)
    {
        if (TrackerText.TryTime(value, out var time))
        {
            _report.Time = time;
        }
        else
        {
            _fault ??= new("timestamp", "must be unix seconds or milliseconds, ISO 8601, or yyyy-MM-dd HH:mm:ss in UTC");
        }
    }

    private void ReadSpeedUnit(ReadOnlySpan<char> value)
    {
        switch (value)
        {
            case "kn": _toKmh = TrackerReport.FromKnots; break;
            case "m/s": _toKmh = TrackerReport.FromMetersASecond; break;
            case "km/h": _toKmh = static speed => speed; break;
            default: _fault ??= new("speedUnit", "must be kn, m/s or km/h"); break;
        }
    }

    private double? Degrees(string field, ReadOnlySpan<char> value)
    {
        var number = TrackerText.Number(value);
        if (number is null)
        {
            _fault ??= new(field, "must be a number of degrees");
        }

        return number;
    }

    private void ReadPlace(ReadOnlySpan<char> value)
    {
        var comma = value.IndexOf(',');
        if (comma < 0)
        {
            _fault ??= new("location", "must be latitude,longitude");
            return;
        }

        // What follows the two is the altitude, or nothing.
        var rest = value[(comma + 1)..];
        var end = rest.IndexOf(',');
        _placeLatitude = Degrees("location", value[..comma]);
        _placeLongitude = Degrees("location", end < 0 ? rest : rest[..end]);
    }

    private TrackerReport ToReport()
    {
        var device = _id ?? _deviceId;
        if (device is not null && TrackerText.IsName(device))
        {
            _report.Key = VehicleKey.OfDevice(device);
        }
        else
        {
            _fault ??= new("id", $"is required: the tracker's id, text of 1 to {TrackerText.MaxNameLength} characters");
        }

        var apart = _latitude is not null && _longitude is not null;
        _report.Latitude = apart ? _latitude : _placeLatitude;
        _report.Longitude = apart ? _longitude : _placeLongitude;
        _report.Heading = _bearing ?? _heading;
        _report.SpeedKmh = _toKmh(_speed);
        return _report;
    }
}
