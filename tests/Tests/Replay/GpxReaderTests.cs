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
    [InlineData("<gpx>\n<rte><rtept lat='1' lon='1'/></rte>\n<trk>", 3, "end of file")]
    [InlineData("<gpx>\n<trk><trkseg>\n<trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time>", 3, "end of file")]
    [InlineData("<gpx>\n\n<trkpt lat='91' lon='1'/></gpx>", 3, "\"91\" is not a valid \"lat\"")]
    [InlineData("<gpx>\n<trkpt lat='1'/></gpx>", 2, "without \"lon\"")]
    [InlineData("<gpx>\n<trkpt lat='NaN' lon='1'/></gpx>", 2, "\"NaN\"")]
    [InlineData("<gpx>\n<trkpt lat='1' lon='1'/></gpx>", 2, "without a time")]
    [InlineData("<gpx>\n<trkpt lat='1' lon='1'>\n<time>yesterday</time></trkpt></gpx>", 3, "\"yesterday\" is not a time")]
    [InlineData("\n<kml/>", 2, "is not GPX")]
    public void Gpx_WithoutAGoodPoint_NamesFileAndLine(string text, int line, string problem)
    {
        var error = Assert.Throws<TraceReadException>(() => Read(text));

        Assert.StartsWith($"drive.gpx:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One good point before and one after: they are taken, and the fault between them is told by its line.</summary>
    [Theory]
    [InlineData("<trkpt lat='91' lon='1'><time>2026-01-01T00:01:00Z</time></trkpt>", "\"91\" is not a valid \"lat\"")]
    [InlineData("<trkpt lat='1'><time>2026-01-01T00:01:00Z</time></trkpt>", "a point without \"lon\"")]
    [InlineData("<trkpt lat='1' lon='1'/>", "a track point without a time can't be replayed")]
    [InlineData("<trkpt lat='1' lon='1'><ele>3</ele></trkpt>", "a track point without a time can't be replayed")]
    [InlineData("<trkpt lat='1' lon='1'><time>yesterday</time></trkpt>", "\"yesterday\" is not a time (ISO 8601)")]
    [InlineData("<trkpt lat='1' lon='1'><time><b>x</b></time></trkpt>", "\"x\" is not a time (ISO 8601)")]
    public void Point_ThatIsBad_CostsItselfAlone(string bad, string problem)
    {
        var trace = Read($"""
            <gpx><trk><trkseg>
            <trkpt lat="2" lon="2"><time>2026-01-01T00:00:00Z</time></trkpt>
            {bad}
            <trkpt lat="3" lon="3"><time>2026-01-01T00:02:00Z</time></trkpt></trkseg></trk></gpx>
            """);

        Assert.Equal([2.0, 3.0], trace.Fixes.Select(fix => fix.Latitude));
        Assert.Equal([$"drive.gpx:3: {problem}"], trace.Faults.Told());
    }

    [Theory]
    [InlineData("<speed>fast</speed>", "\"fast\" is not a valid speed")]
    [InlineData("<speed>Infinity</speed>", "\"Infinity\" is not a valid speed")]
    [InlineData("<course>361</course>", "\"361\" is not a valid course")]
    [InlineData("<ele>high</ele>", "\"high\" is not a valid elevation")]
    public void Measure_ThatIsBad_CostsItselfAlone(string bad, string problem)
    {
        var trace = Read($"<gpx><trk><trkseg><trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time>\n{bad}<accuracy>3</accuracy></trkpt></trkseg></trk></gpx>");

        var fix = Assert.Single(trace.Fixes);
        Assert.Equal((float.NaN, float.NaN, float.NaN, 3f), (fix.SpeedKmh, fix.HeadingDegrees, fix.AltitudeMeters, fix.AccuracyMeters));
        Assert.Equal([$"drive.gpx:2: {problem}: the point is taken without it"], trace.Faults.Told());
    }

    [Fact]
    public void Nanoseconds_AndMeasuresThatAreNotKnown_AreNoFaults()
    {
        var trace = Read("""
            <gpx><trk><trkseg><trkpt lat="1" lon="1"><ele>nan</ele><time>2026-01-01T00:00:00.123456789Z</time><speed>NaN</speed><course> NaN </course></trkpt>
            <trkpt lat="1" lon="1"><time>2026-01-01T01:00:01.0000000001+01:00</time><speed>-1</speed></trkpt></trkseg></trk></gpx>
            """);

        Assert.Equal(0, trace.Faults.Count);
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567), trace.Fixes[0].Time);
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 1, DateTimeKind.Utc), trace.Fixes[1].Time);
        Assert.All(trace.Fixes, fix => Assert.Equal((float.NaN, float.NaN), (fix.SpeedKmh, fix.HeadingDegrees)));
    }

    /// <summary>As after a power failure: wherever the file ends, what is whole before that is taken, and the end is told.</summary>
    [Fact]
    public void File_CutOffAnywhere_KeepsThePointsBefore()
    {
        const string Point = "<trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time></trkpt>\n";
        var whole = "<gpx><trk><trkseg>\n" + Point + Point.Replace("00:00Z", "00:10Z", StringComparison.Ordinal);
        for (var end = whole.IndexOf(Point, StringComparison.Ordinal) + Point.Length; end <= whole.Length; end++)
        {
            var trace = Read(whole[..end]);

            Assert.Equal(end >= whole.Length - 1 ? 2 : 1, trace.Fixes.Count);
            Assert.StartsWith("drive.gpx:", Assert.Single(trace.Faults.Told()), StringComparison.Ordinal);
            Assert.Equal(trace.Fixes.Count, Read(whole[..end] + "\0\0\0").Fixes.Count);
        }
    }

    [Fact]
    public void Points_OfOneTimeAtTwoPlaces_AreTold()
    {
        Assert.Equal(["drive.gpx:5: has the time of line 4 and another place: the first one counts"], Read(Version10).Faults.Told());
        Assert.Equal(0, Read(Version10.Replace("52.0910", "52.0907", StringComparison.Ordinal).Replace("5.1220", "5.1214", StringComparison.Ordinal)).Faults.Count);
    }

    [Fact]
    public void Faults_ByTheThousand_AreCountedAndTheFirstTold()
    {
        var points = string.Join('\n', Enumerable.Repeat("<trkpt lat='1' lon='1'/>", 1_000));

        var trace = Read($"<gpx><trk><trkseg><trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time></trkpt>\n{points}</trkseg></trk></gpx>");

        Assert.Equal((1_000, 101), (trace.Faults.Count, trace.Faults.Told().Count()));
        Assert.Equal("drive.gpx: and 900 more", trace.Faults.Told().Last());
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
