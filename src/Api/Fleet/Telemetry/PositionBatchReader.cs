using System.Text.Json;
using System.Text.Unicode;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>
/// Reads positions out of a body's bytes, without a document in between: one bad position is that position's fault, a
/// body that is not JSON is everybody's. A position's own reading is <see cref="PositionReader"/>.
/// </summary>
internal static class PositionBatchReader
{
    private const string Positions = "positions";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads <c>{"positions":[…]}</c>. Null, or why the body is refused as a whole.</summary>
    public static BodyFault? ReadJson(ReadOnlySpan<byte> body, string source, PositionBatch batch)
    {
        body = WithoutMark(body);
        if (!Utf8.IsValid(body))
        {
            return new(Positions, "the body is not UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            return ReadBody(ref reader, source, batch);
        }
        catch (JsonException fault)
        {
            return new(Positions, $"the body is not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
        }
    }

    /// <summary>Reads one position a line; blank lines don't count. Null, or why the body is refused as a whole.</summary>
    public static BodyFault? ReadLines(ReadOnlySpan<byte> body, string source, PositionBatch batch)
    {
        body = WithoutMark(body);
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (!line.IsEmpty && !batch.TryAdd(ReadLine(line, source)))
            {
                return TooMany;
            }
        }

        return null;
    }

    /// <summary>The body without the mark that some programs write before UTF-8.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body.StartsWith(ByteOrderMark) ? body[3..] : body;

    private static BodyFault TooMany => new(Positions, $"more than {PositionBatch.MaxPositions} positions in one request");

    private static BodyFault? ReadBody(ref Utf8JsonReader reader, string source, PositionBatch batch)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new(Positions, "the body must be an object with the field positions");
        }

        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || !reader.ValueTextEquals("positions"u8))
            {
                return new(PositionReader.NameOf(ref reader), "is not a field of this body");
            }

            if (found)
            {
                return new(Positions, "is there twice");
            }

            found = true;
            reader.Read();
            if (ReadArray(ref reader, source, batch) is { } fault)
            {
                return fault;
            }
        }

        // Whatever follows the object throws.
        reader.Read();
        return found ? null : new(Positions, "is required");
    }

    private static BodyFault? ReadArray(ref Utf8JsonReader reader, string source, PositionBatch batch)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return new(Positions, "must be an array");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!batch.TryAdd(PositionReader.Read(ref reader, source)))
            {
                return TooMany;
            }
        }

        return null;
    }

    private static ParsedPosition ReadLine(ReadOnlySpan<byte> line, string source)
    {
        if (!Utf8.IsValid(line))
        {
            return new() { Fault = "the line is not UTF-8" };
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            var position = PositionReader.Read(ref reader, source);
            // A second value on the line throws.
            reader.Read();
            return position;
        }
        catch (JsonException fault)
        {
            return new() { Fault = $"the line is not JSON: byte {fault.BytePositionInLine + 1}" };
        }
    }
}
