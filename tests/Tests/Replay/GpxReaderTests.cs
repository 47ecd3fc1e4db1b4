using ChargeCars.Silo.Replay;
using Xunit;

namespace ChargeCars.Tests.Replay;

public sealed class GpxReaderTests
{
    private const string Version10 = """
        <?xml version="1.0" encoding="UTF-8"?>
        <gpx xmlns="http://www.topografix.com/GPX/1/0" version="1.0" creator="test">
        <trk><name/><trkseg>
        <trkpt lat="52.0907" lon="5.1214"><ele>4.5</ele><time>2026-03-01T08:00:00Z</time><course>360</course><speed>10</speed></trkpt>
        <trkpt lat="52.0910" lon="5.1220"><time>2026-03-01T08:00:00Z</time></trkpt>
        </trkseg></trk></gpx>
        """;

    // As a route planner exports it: the route's points carry durations in extensions, the file a time of its own.
    private const string Version11 = """
        <?xml version="1.0" encoding="UTF-8" standalone="no" ?><gpx xmlns="http://www.topografix.com/GPX/1/1" creator="test" version="1.1"
          xmlns:p="https://example.org/planner" xmlns:g="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
        <metadata><time>1970-01-01T00:00:00+00:00</time></metadata>
        <rte><rtept lat="52.1" lon="5.1"><desc>turn left</desc><extensions><p:time>14545</p:time></extensions></rtept></rte>
        <trk><trkseg>
        <trkpt lat="52.2" lon="5.2"><time>2026-03-01T10:00:09.5+01:00</time><extensions><p:time>77</p:time>
          <g:TrackPointExtension><g:speed>2.5</g:speed><g:course>90.4</g:course></g:TrackPointExtension></extensions></trkpt>
        </trkseg></trk>
        <trk><trkseg><trkpt lat="52.3" lon="5.3"><time>2026-03-01T09:00:00Z</time></trkpt></trkseg><trkseg/></trk>
        </gpx>
        """;

    [Fact]
    public void Version10_WithSpeedAndElevation_IsRead()
    {
        var trace = Read(Version10);

        Assert.Equal(["TEST1"], trace.Vehicles);
        Assert.Equal(2, trace.Fixes.Count);
        var first = trace.Fixes[0];
        Assert.Equal((52.0907, 5.1214), (first.Latitude, first.Longitude));
        Assert.Equal(new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc), first.Time);
        Assert.Equal((36f, 0f, 4.5f), (first.SpeedKmh, first.HeadingDegrees, first.AltitudeMeters));
    }

    [Fact]
    public void Fix_WithoutOptionalElements_HasThemUnknown()
    {
        var fix = Read(Version10).Fixes[1];

        Assert.All([fix.SpeedKmh, fix.HeadingDegrees, fix.AccuracyMeters, fix.AltitudeMeters], value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Version11_SeveralTracks_AreInOrderOfTime()
    {
        var trace = Read(Version11);

        Assert.Equal([52.3, 52.2], trace.Fixes.Select(fix => fix.Latitude));
    }

    [Fact]
    public void Version11_TimesAndSpeedsInExtensions_DoNotReplaceThePointsOwnTime()
    {
        var fix = Read(Version11).Fixes[1];

        Assert.Equal(new DateTime(2026, 3, 1, 9, 0, 9, 500, DateTimeKind.Utc), fix.Time);
        Assert.Equal((9f, 90.4f), (fix.SpeedKmh, fix.HeadingDegrees));
    }

    [Fact]
    public void RoutePoints_BesideATrack_AreIgnoredEvenWithTimes()
    {
        var trace = Read("""
            <gpx><rte><rtept lat="1" lon="1"><time>2026-01-01T00:00:00Z</time></rtept></rte>
            <trk><trkseg><trkpt lat="2" lon="2"><time>2026-01-01T00:00:00Z</time></trkpt></trkseg></trk></gpx>
            """);

        Assert.Equal(2, Assert.Single(trace.Fixes).Latitude);
    }

    [Fact]
    public void RoutePoints_WithTimesAndNoTrack_AreReplayed()
    {
        var trace = Read("""<gpx><rte><rtept lat="1" lon="1"><time>2026-01-01T00:00:00Z</time></rtept></rte></gpx>""");

        Assert.Single(trace.Fixes);
    }

    [Theory]
    [InlineData("<gpx>\n<trk>\n<trkseg></trk></gpx>", 3, "trkseg")]
    [InlineData("<gpx>\n<trk><trkseg>\n<trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time>", 3, "end of file")]
    [InlineData("<gpx>\n\n<trkpt lat='91' lon='1'/></gpx>", 3, "\"91\" is not a valid \"lat\"")]
    [InlineData("<gpx>\n<trkpt lat='1'/></gpx>", 2, "without \"lon\"")]
    [InlineData("<gpx>\n<trkpt lat='NaN' lon='1'/></gpx>", 2, "\"NaN\"")]
    [InlineData("<gpx>\n<trkpt lat='1' lon='1'/></gpx>", 2, "without a time")]
    [InlineData("<gpx>\n<trkpt lat='1' lon='1'>\n<time>yesterday</time></trkpt></gpx>", 3, "\"yesterday\" is not a time")]
    [InlineData("<gpx>\n<trkpt lat='1' lon='1'>\n<speed>fast</speed></trkpt></gpx>", 3, "\"fast\" is not a speed")]
    [InlineData("\n<kml/>", 2, "is not GPX")]
    public void Malformed_Gpx_NamesFileAndLine(string text, int line, string problem)
    {
        var error = Assert.Throws<TraceReadException>(() => Read(text));

        Assert.StartsWith($"drive.gpx:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gpx_WithADocumentType_IsRefused()
    {
        var error = Assert.Throws<TraceReadException>(() => Read("<!DOCTYPE gpx [<!ENTITY a 'b'>]>\n<gpx/>"));

        Assert.StartsWith("drive.gpx: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("DTD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gpx_WithoutAnyTime_IsRefused()
    {
        var error = Assert.Throws<TraceReadException>(() => Read("<gpx><rte><rtept lat='1' lon='1'/></rte></gpx>"));

        Assert.Equal("drive.gpx: holds no position with a time", error.Message);
    }

    private static Trace Read(string text) => GpxReader.Read(new StringReader(text), "drive.gpx", "TEST1");
}
