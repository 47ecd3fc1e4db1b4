using System.Text.Json;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// Reads one position of our own format. The first thing wrong is kept by the field's name; the rest is still read past,
/// so that the positions after it are found.
/// </summary>
internal ref struct PositionReader
{
    /// <summary>Longer than any plate or tracker id; a longer name is nobody's.</summary>
    private const int MaxNameLength = 200;

    private Field _seen;
    private VehicleKey _key;
    private DateTimeOffset _fixTime;
    private double _latitude, _longitude;
    private double? _accuracy, _speed, _heading, _altitude, _odometer;
    private bool? _ignition;
    private string? _fault;

    [Flags]
    private enum Field
    {
        None = 0,
        VehicleId = 1,
        DeviceId = 1 << 1,
        LicensePlate = 1 << 2,
        FixTime = 1 << 3,
        Latitude = 1 << 4,
        Longitude = 1 << 5,
        AccuracyMeters = 1 << 6,
        SpeedKmh = 1 << 7,
        HeadingDegrees = 1 << 8,
        AltitudeMeters = 1 << 9,
        OdometerKm = 1 << 10,
        Ignition = 1 << 11,
        Vehicle = VehicleId | DeviceId | LicensePlate,
    }

    /// <summary>Reads the value that the reader stands on, to its end. Throws only where the JSON itself is broken.</summary>
    public static ParsedPosition Read(ref Utf8JsonReader reader, string source)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new() { Fault = "a position must be an object" };
        }

        var position = new PositionReader();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            position.ReadField(ref reader);
        }

        return position.ToParsed(source);
    }

    /// <summary>The property's name for the reader of a fault; names can be broken (a lone surrogate) where JSON is not.</summary>
    public static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return StorableText.Cut(reader.GetString()!, MaxNameLength);
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        var field = FieldOf(ref reader);
        if (field == Field.None)
        {
            _fault ??= $"{NameOf(ref reader)} is not a field of a position";
            reader.Read();
            reader.Skip();
            return;
        }

        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _fault ??= $"{Name(field)} must be a single value";
            reader.Skip();
            return;
        }

        // A null is a field left out.
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if ((_seen & field) != 0)
        {
            _fault ??= $"{Name(field)} is there twice";
        }

        if ((field & Field.Vehicle) != 0 && (_seen & Field.Vehicle) != 0)
        {
            _fault ??= "only one of vehicleId, deviceId and licensePlate may name the vehicle";
        }

        _seen |= field;
        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: true } && Text(ref reader) is null)
        {
            // Half of a surrogate pair, escaped: valid JSON, and every way to read it throws.
            _fault ??= $"{Name(field)} must be whole Unicode text";
            return;
        }

        ReadValue(ref reader, field);
    }

    private void ReadValue(ref Utf8JsonReader reader, Field field)
    {
        switch (field)
        {
            case Field.VehicleId or Field.DeviceId or Field.LicensePlate:
                ReadVehicle(ref reader, field);
                break;
            case Field.FixTime:
                ReadTime(ref reader);
                break;
            case Field.Latitude:
                _latitude = Coordinate(ref reader, field);
                break;
            case Field.Longitude:
                _longitude = Coordinate(ref reader, field);
                break;
            case Field.AccuracyMeters:
                _accuracy = Number(ref reader, field);
                break;
            case Field.SpeedKmh:
                _speed = Number(ref reader, field);
                break;
            case Field.HeadingDegrees:
                _heading = Number(ref reader, field);
                break;
            case Field.AltitudeMeters:
                _altitude = Number(ref reader, field);
                break;
            case Field.OdometerKm:
                _odometer = Number(ref reader, field);
                break;
            default:
                _ignition = reader.TokenType == JsonTokenType.True;
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                {
                    _fault ??= "ignition must be true or false";
                }

                break;
        }
    }

    private void ReadVehicle(ref Utf8JsonReader reader, Field field)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            _fault ??= $"{Name(field)} must be text";
            return;
        }

        if (field == Field.VehicleId)
        {
            if (!reader.TryGetGuid(out var id))
            {
                _fault ??= "vehicleId must be a uuid";
            }

            _key = VehicleKey.OfId(id);
            return;
        }

        if (Text(ref reader)?.Trim() is not { Length: > 0 and <= MaxNameLength } text || StorableText.Fault(text) is not null)
        {
            _fault ??= $"{Name(field)} must be text of 1 to {MaxNameLength} characters";
            return;
        }

        _key = field == Field.DeviceId ? VehicleKey.OfDevice(text) : VehicleKey.OfPlate(text);
    }

    private void ReadTime(ref Utf8JsonReader reader)
    {
        // A time without an offset would be read as this machine's own.
        if (reader.TokenType != JsonTokenType.String || !HasOffset(reader.ValueSpan) || !reader.TryGetDateTimeOffset(out _fixTime))
        {
            _fault ??= "fixTime must be a time in ISO 8601 with Z or an offset, such as 2026-01-31T08:30:00Z";
        }
    }

    private static bool HasOffset(ReadOnlySpan<byte> text) =>
        text.Length > 10 && (text[^1] is (byte)'Z' or (byte)'z' || text[10..].IndexOfAny((byte)'+', (byte)'-') >= 0);

    // Trackers write NaN as text where they have no fix: that is a coordinate, and a bad one.
    private double Coordinate(ref Utf8JsonReader reader, Field field)
    {
        var isNone = reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false }
            && (reader.ValueTextEquals("NaN"u8) || reader.ValueTextEquals("Infinity"u8) || reader.ValueTextEquals("-Infinity"u8));
        return isNone ? double.NaN : Number(ref reader, field);
    }

    private double Number(ref Utf8JsonReader reader, Field field)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number))
        {
            return number;
        }

        _fault ??= $"{Name(field)} must be a number";
        return double.NaN;
    }

    private readonly ParsedPosition ToParsed(string source) => new()
    {
        Key = _key,
        Fix = new(_fixTime, _latitude, _longitude, _accuracy, _speed, _heading, _altitude, _odometer, _ignition, source),
        Fault = _fault ?? Missing(),
    };

    private readonly string? Missing() =>
        (_seen & Field.Vehicle) == 0 ? "one of vehicleId, deviceId and licensePlate is required"
        : (_seen & Field.FixTime) == 0 ? "fixTime is required"
        : (_seen & Field.Latitude) == 0 ? "latitude is required"
        : (_seen & Field.Longitude) == 0 ? "longitude is required"
        : null;

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Field FieldOf(ref Utf8JsonReader reader) =>
        // Only a plain name can be ours; comparing an escaped one may throw.
        reader.ValueIsEscaped ? Field.None : reader.ValueSpan switch
        {
            var name when name.SequenceEqual("vehicleId"u8) => Field.VehicleId,
            var name when name.SequenceEqual("deviceId"u8) => Field.DeviceId,
            var name when name.SequenceEqual("licensePlate"u8) => Field.LicensePlate,
            var name when name.SequenceEqual("fixTime"u8) => Field.FixTime,
            var name when name.SequenceEqual("latitude"u8) => Field.Latitude,
            var name when name.SequenceEqual("longitude"u8) => Field.Longitude,
            var name when name.SequenceEqual("accuracyMeters"u8) => Field.AccuracyMeters,
            var name when name.SequenceEqual("speedKmh"u8) => Field.SpeedKmh,
            var name when name.SequenceEqual("headingDegrees"u8) => Field.HeadingDegrees,
            var name when name.SequenceEqual("altitudeMeters"u8) => Field.AltitudeMeters,
            var name when name.SequenceEqual("odometerKm"u8) => Field.OdometerKm,
            var name when name.SequenceEqual("ignition"u8) => Field.Ignition,
            _ => Field.None,
        };

    private static string Name(Field field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
}
