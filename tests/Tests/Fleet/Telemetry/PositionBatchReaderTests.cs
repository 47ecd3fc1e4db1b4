using System.Text;
using ChargeCars.Api.Fleet.Telemetry;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Fleet.Telemetry;

public sealed class PositionBatchReaderTests
{
    private const string Good =
        """{"deviceId":"T1","fixTime":"2026-03-02T13:00:00.1234567+01:00","latitude":52.1,"longitude":5,"accuracyMeters":null,"speedKmh":4.5e1,"ignition":true}""";

    [Fact]
    public void ReadJson_AGoodPosition_HasEveryField()
    {
        using var batch = new PositionBatch();

        Assert.Null(PositionBatchReader.ReadJson(Encoding.UTF8.GetBytes($$"""{"positions":[{{Good}}]}"""), "api", batch));

        var position = Assert.Single(batch.Positions.ToArray());
        Assert.Null(position.Fault);
        Assert.Equal(VehicleKey.OfDevice("T1"), position.Key);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567), position.Fix.FixTime);
        Assert.Equal((52.1, 5, null, 45, true, "api"), (position.Fix.Latitude, position.Fix.Longitude, position.Fix.AccuracyMeters,
            position.Fix.SpeedKmh, position.Fix.Ignition, position.Fix.Source));
    }

    [Theory]
    [InlineData("""1""", "object")]
    [InlineData("""{}""", "vehicleId")]
    [InlineData("""{"deviceId":"T1","latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":"yesterday","latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-02-30T00:00:00Z","latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00","latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":1772452800,"latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","longitude":2}""", "latitude")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":null}""", "longitude")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":"1","longitude":2}""", "latitude")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2,"speedKmh":"fast"}""", "speedKmh")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2,"ignition":1}""", "ignition")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2,"speed":{"a":[1]}}""", "speed")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":[1],"longitude":2}""", "latitude")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"latitude":1,"longitude":2}""", "latitude")]
    [InlineData("""{"deviceId":"T1","licensePlate":"V","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "licensePlate")]
    [InlineData("""{"vehicleId":"7","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "vehicleId")]
    [InlineData("""{"deviceId":7,"fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "deviceId")]
    [InlineData("""{"deviceId":"a\u0000","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "deviceId")]
    [InlineData("""{"deviceId":"\ud800","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "deviceId")]
    [InlineData("""{"vehicleId":"\ud800","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "vehicleId")]
    [InlineData("""{"licensePlate":"\udfff-1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2}""", "licensePlate")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00\ud800Z","latitude":1,"longitude":2}""", "fixTime")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":"\ud800","longitude":2}""", "latitude")]
    [InlineData("""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":1,"longitude":2,"ignition":"\ud800"}""", "ignition")]
    [InlineData("""{"\ud800":1,"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":"\ud800","longitude":2}""", "field")]
    public void Read_ABadPosition_NamesTheFieldAndLeavesItsNeighbours(string position, string field)
    {
        using var json = new PositionBatch();
        using var lines = new PositionBatch();

        Assert.Null(PositionBatchReader.ReadJson(Encoding.UTF8.GetBytes($$"""{"positions":[{{Good}},{{position}},{{Good}}]}"""), "api", json));
        Assert.Null(PositionBatchReader.ReadLines(Encoding.UTF8.GetBytes($"{Good}\r\n\n{position}\n \n{Good}"), "api", lines));

        foreach (var batch in new[] { json, lines })
        {
            Assert.Equal([true, false, true], batch.Positions.ToArray().Select(parsed => parsed.Fault is null));
            Assert.Contains(field, batch.Positions[1].Fault, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("\"-Infinity\"")]
    [InlineData("1e999")]
    public void Read_ACoordinateThatIsNoNumber_IsLeftToTheJudge(string latitude)
    {
        using var batch = new PositionBatch();
        var body = $$"""{"deviceId":"T1","fixTime":"2026-03-02T12:00:00Z","latitude":{{latitude}},"longitude":2}""";

        Assert.Null(PositionBatchReader.ReadLines(Encoding.UTF8.GetBytes(body), "api", batch));

        Assert.Null(batch.Positions[0].Fault);
        Assert.False(double.IsFinite(batch.Positions[0].Fix.Latitude));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"positions":null}""")]
    [InlineData("""{"positions":{}}""")]
    [InlineData("""{"positions":[{]}""")]
    [InlineData("""{"positions":[NaN]}""")]
    [InlineData("""{"positions":[]}{}""")]
    [InlineData("""{"positions":[],"positions":[]}""")]
    public void ReadJson_ABadBody_IsRefusedAsAWhole(string body)
    {
        using var batch = new PositionBatch();

        Assert.Equal("positions", PositionBatchReader.ReadJson(Encoding.UTF8.GetBytes(body), "api", batch)?.Field);
    }

    [Fact]
    public void ReadJson_AnUnknownFieldOfTheBody_IsNamed()
    {
        using var batch = new PositionBatch();

        Assert.Equal("extra", PositionBatchReader.ReadJson("""{"positions":[],"extra":1}"""u8, "api", batch)?.Field);
    }

    [Fact]
    public void ReadJson_TooDeep_IsRefused()
    {
        using var batch = new PositionBatch();
        var body = $$"""{"positions":[{{new string('[', 100)}}{{new string(']', 100)}}]}""";

        Assert.NotNull(PositionBatchReader.ReadJson(Encoding.UTF8.GetBytes(body), "api", batch));
    }

    [Fact]
    public void Read_BrokenUtf8_FailsTheBodyOfJsonAndTheLineOfLines()
    {
        byte[] broken = [.. "{\"positions\":[\""u8, 0xFF, .. "\"]}"u8];
        byte[] lines = [.. Encoding.UTF8.GetBytes(Good), (byte)'\n', 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)];
        using var batch = new PositionBatch();

        Assert.NotNull(PositionBatchReader.ReadJson(broken, "api", batch));
        Assert.Null(PositionBatchReader.ReadLines(lines, "api", batch));

        Assert.Equal([true, false, true], batch.Positions.ToArray().Select(parsed => parsed.Fault is null));
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Read_ManyPositions_AreTakenUpToTenThousand(int count, bool taken)
    {
        using var json = new PositionBatch();
        using var lines = new PositionBatch();

        var body = Encoding.UTF8.GetBytes($$"""{"positions":[{{string.Join(',', Enumerable.Repeat("1", count))}}]}""");
        Assert.Equal(taken, PositionBatchReader.ReadJson(body, "api", json) is null);
        Assert.Equal(taken, PositionBatchReader.ReadLines(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("1", count))), "api", lines) is null);
    }

    /// <summary>Whatever bytes come, the answer is a fault or a batch, never an exception.</summary>
    [Property]
    public void Read_AnyBytes_NeverThrows(byte[] noise, int at)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"positions":[{{Good}}]}""");
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));
        using var batch = new PositionBatch();

        _ = PositionBatchReader.ReadJson(body, "api", batch);
        _ = PositionBatchReader.ReadLines(body, "api", batch);
    }
}
