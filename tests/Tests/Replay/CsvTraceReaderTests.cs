using ChargeCars.Silo.Replay;
using Xunit;

namespace ChargeCars.Tests.Replay;

public sealed class CsvTraceReaderTests
{
    private static readonly DateTime Eight = new(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2026-03-01T08:00:00Z")]
    [InlineData("2026-03-01T09:00:00+01:00")]
    [InlineData("2026-03-01 08:00:00")]
    [InlineData("2026-03-01 08:00:00.000")]
    [InlineData("2026-03-01 08:00:00+00")]
    [InlineData("1772352000")]
    [InlineData("1772352000.0")]
    [InlineData("1772352000000")]
    public void Time_InEveryNotation_IsTheSameMoment(string time)
    {
        var fix = Assert.Single(Read($"vehicle,time,latitude,longitude\nA,{time},52,5").Fixes);

        Assert.Equal(Eight, fix.Time);
        Assert.Equal(DateTimeKind.Utc, fix.Time.Kind);
    }

    [Fact]
    public void Rows_OfSeveralVehicles_AreInOrderOfTimeAndKeepTheirVehicle()
    {
        var trace = Read("""
            time,vehicle,latitude,longitude,speed,heading,accuracy
            1772352010,V-196-RP,52.1,5.1,36.5,359.9,4.2
            1772352000,B-2,52.2,5.2,-1,,
            1772352020,v-196-rp,52.3,5.3,,,
            """);

        Assert.Equal(["B-2", "V-196-RP", "V-196-RP"], trace.Fixes.Select(fix => trace.Vehicles[fix.Vehicle]));
        Assert.Equal((36.5f, 359.9f, 4.2f), (trace.Fixes[1].SpeedKmh, trace.Fixes[1].HeadingDegrees, trace.Fixes[1].AccuracyMeters));
        Assert.Equal(float.NaN, trace.Fixes[0].SpeedKmh);
    }

    [Fact]
    public void Semicolons_WithDecimalCommasAndOtherNames_AreRead()
    {
        var trace = Read(
            "Kenteken;Tijd;Breedte;Lengte;Snelheid\r\n\"V-196-RP\";2026-03-01 08:00:00;52,0907;5,1214;12,5\r\n",
            new CsvColumns("breedte", "lengte", "tijd", "kenteken", "snelheid"));

        var fix = Assert.Single(trace.Fixes);
        Assert.Equal((52.0907, 5.1214, 12.5f), (fix.Latitude, fix.Longitude, fix.SpeedKmh));
        Assert.Equal(["V-196-RP"], trace.Vehicles);
    }

    [Fact]
    public void Vehicle_WithoutAColumn_IsNamedAfterTheFile()
    {
        Assert.Equal(["DRIVE"], Read("time,latitude,longitude\n1772352000,52,5").Vehicles);
    }

    [Fact]
    public void Vehicle_Given_ReplacesTheOneOfTheFile()
    {
        Assert.Equal(["OTHER"], Read("vehicle,time,latitude,longitude\nA,1772352000,52,5", vehicle: "OTHER").Vehicles);
    }

    [Fact]
    public void Vehicle_GivenForAFileOfSeveral_IsRefused()
    {
        var error = Assert.Throws<TraceReadException>(
            () => Read("vehicle,time,latitude,longitude\nA,1772352000,52,5\nB,1772352000,52,5", vehicle: "OTHER"));

        Assert.Contains("holds 2 vehicles", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A,1772352001,north,5", "\"north\" is not a valid latitude")]
    [InlineData("A,1772352001,52,181", "\"181\" is not a valid longitude")]
    [InlineData("A,03/01/2026,52,5", "\"03/01/2026\" is not a valid time")]
    [InlineData("A,1e300,52,5", "\"1e300\" is not a valid time")]
    [InlineData(",1772352001,52,5", "the vehicle is missing")]
    [InlineData("A,1772352001,52", "the longitude is missing")]
    [InlineData("A,17\"72,52,5", "is not readable as CSV (an unclosed quote?)")]
    [InlineData("\0\0\0\0", "the time is missing")]
    public void Row_ThatIsBad_CostsItselfAlone(string row, string problem)
    {
        var trace = Read($"vehicle,time,latitude,longitude,speed,heading\nA,1772352000,52,5\n\n{row}\nA,1772352002,53,5\n");

        Assert.Equal([52.0, 53.0], trace.Fixes.Select(fix => fix.Latitude));
        Assert.Equal([$"drive.csv:4: {problem}"], trace.Faults.Told());
        // Alone it leaves nothing, and the file is refused for it.
        Assert.Equal(
            $"drive.csv:2: {problem}",
            Assert.Throws<TraceReadException>(() => Read($"vehicle,time,latitude,longitude,speed,heading\n{row}")).Message);
    }

    [Theory]
    [InlineData("A,1772352001,52,5,fast", "\"fast\" is not a valid speed")]
    [InlineData("A,1772352001,52,5,1,361", "\"361\" is not a valid heading")]
    public void Measure_ThatIsBad_CostsItselfAlone(string row, string problem)
    {
        var trace = Read($"vehicle,time,latitude,longitude,speed,heading\n{row}\n");

        Assert.Equal(52, Assert.Single(trace.Fixes).Latitude);
        Assert.Equal([$"drive.csv:2: {problem}: the row is taken without it"], trace.Faults.Told());
    }

    [Fact]
    public void File_CutOff_KeepsTheRowsBefore()
    {
        var trace = Read("vehicle,time,latitude,longitude\nA,1772352000,52,5\nA,1772352001,5");

        Assert.Single(trace.Fixes);
        Assert.Equal(["drive.csv:3: the longitude is missing"], trace.Faults.Told());
    }

    [Fact]
    public void Nanoseconds_AndASpeedThatIsNotKnown_AreNoFaults()
    {
        var trace = Read("vehicle,time,latitude,longitude,speed\nA,2026-03-01T08:00:00.123456789Z,52,5,NaN\n");

        Assert.Equal(0, trace.Faults.Count);
        Assert.Equal(new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567), Assert.Single(trace.Fixes).Time);
    }

    [Fact]
    public void Missing_Column_NamesThoseThereAreAndTheOption()
    {
        var error = Assert.Throws<TraceReadException>(() => Read("vehicle,time,lat,lon\nA,1,2,3"));

        Assert.Equal("drive.csv:1: there is no column \"latitude\" (there are: vehicle, time, lat, lon); name it with --latitude-column", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("vehicle,time,latitude,longitude\n")]
    public void File_WithoutRows_IsRefused(string text)
    {
        Assert.StartsWith("drive.csv: ", Assert.Throws<TraceReadException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    private static Trace Read(string text, CsvColumns? columns = null, string? vehicle = null) =>
        CsvTraceReader.Read(new StringReader(text), "drive.csv", columns ?? new CsvColumns(), vehicle, otherwise: "DRIVE");
}
