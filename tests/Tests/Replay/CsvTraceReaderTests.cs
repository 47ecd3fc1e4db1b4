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
    [InlineData("A,1772352000,52,5\nA,1772352001,north,5", 3, "\"north\" is not a valid latitude")]
    [InlineData("A,1772352000,52,181", 2, "\"181\" is not a valid longitude")]
    [InlineData("A,1772352000,52,5\n\nA,03/01/2026,52,5", 4, "\"03/01/2026\" is not a valid time")]
    [InlineData("A,1e300,52,5", 2, "\"1e300\" is not a valid time")]
    [InlineData(",1772352000,52,5", 2, "the vehicle is missing")]
    [InlineData("A,1772352000,52", 2, "the longitude is missing")]
    [InlineData("A,1772352000,52,5,fast", 2, "\"fast\" is not a valid speed")]
    [InlineData("A,1772352000,52,5,1,361", 2, "\"361\" is not a valid heading")]
    [InlineData("A,17\"72,52,5", 2, "CSV")]
    public void Bad_Row_NamesFileLineAndColumn(string rows, int line, string problem)
    {
        var error = Assert.Throws<TraceReadException>(() => Read("vehicle,time,latitude,longitude,speed,heading\n" + rows));

        Assert.StartsWith($"drive.csv:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
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
