using System.Text;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Fleet.Telemetry.Trackers;
using ChargeCars.Fleet.Vehicles.Positions;
using FsCheck.Xunit;
using static ChargeCars.Tests.Fleet.Telemetry.Trackers.TrackerVariants;

namespace ChargeCars.Tests.Fleet.Telemetry.Trackers;

public sealed class TrackerFormatTests
{
    private static readonly PositionFix Fix = new(DateTimeOffset.Parse(FixTime, null), 52.0907, 5.1214, 8, 27, 90, 5, null, null, "osmand");

    [Fact]
    public void Read_EveryVariant_GivesTheSameFix()
    {
        ParsedPosition[] read =
        [
            .. Queries.Select(ReadQuery), .. Jsons.Select(ReadJson), .. Forwardings.Select(ReadForwarding),
        ];

        Assert.Equal(Queries.Length + Jsons.Length + Forwardings.Length, read.Length);
        Assert.All(read, position => Assert.Equal((VehicleKey.OfDevice("van-7"), Fix, null), (position.Key, position.Fix, position.Fault)));
    }

    [Fact]
    public void Read_WithoutATime_IsNow()
    {
        Assert.Equal(Now, ReadQuery("id=1&lat=52&lon=5").Fix.FixTime);
        Assert.Equal(Now, ReadJson("""{"device_id":"1","location":{"coords":{"latitude":52,"longitude":5}}}""").Fix.FixTime);
    }

    [Theory]
    [InlineData("-1", "false", 0.0)]
    [InlineData("null", "false", 0.0)]
    [InlineData("-1", "true", null)]
    [InlineData("-1", "null", null)]
    [InlineData("2.5", "false", 9.0)]
    public void ReadJson_OfAPhoneAtRest_HasNoSpeedAtAll(string speed, string isMoving, double? kmh) => Assert.Equal(kmh, ReadJson(
        """{"device_id":"1","location":{"is_moving":IS,"coords":{"latitude":52,"longitude":5,"speed":SPEED}}}"""
            .Replace("IS", isMoving, StringComparison.Ordinal).Replace("SPEED", speed, StringComparison.Ordinal)).Fix.SpeedKmh);

    [Fact]
    public void ReadQuery_OfMetresASecond_IsNotHalved() => Assert.Equal(50, ReadQuery("id=1&lat=52&lon=5&speed=13.89&speedUnit=m/s").Fix.SpeedKmh!.Value, 1);

    [Theory]
    [InlineData("id=1&lat=52&lon=5&speed=-1&bearing=-1&accuracy=-1")]
    [InlineData("id=1&lat=52&lon=5&speed=-1.94&heading=-1.0&accuracy=0")]
    [InlineData("id=1&lat=52&lon=5&speed=NaN&bearing=361&accuracy=Infinity&altitude=NaN")]
    [InlineData("id=1&lat=52&lon=5&speed=fast&bearing=east&accuracy=good&altitude=high&odometer=much&ignition=maybe")]
    [InlineData("id=1&lat=52&lon=5&speed=&bearing=%20")]
    public void ReadQuery_WhatIsUnknown_IsNothing(string query)
    {
        var fix = ReadQuery(query).Fix;

        Assert.Equal(new PositionFix(Now, 52, 5, null, null, null, null, null, null, "osmand"), fix);
    }

    [Theory]
    [InlineData("""{"device_id":"1","location":{"coords":{"latitude":52,"longitude":5,"speed":-1,"heading":-1,"accuracy":-1}}}""")]
    [InlineData("""{"device_id":1,"location":{"timestamp":null,"coords":{"latitude":52,"longitude":5,"speed":null,"heading":"north","altitude":[]}}}""")]
    public void ReadJson_WhatIsUnknown_IsNothing(string body) =>
        Assert.Equal(new PositionFix(Now, 52, 5, null, null, null, null, null, null, "osmand"), ReadJson(body).Fix);

    [Theory]
    [InlineData("id=1&cell=204,4,1,2,-70&wifi=aa-bb,-60")]
    [InlineData("id=1&event=boot")]
    [InlineData("id=1&lat=52")]
    [InlineData("id=1&lat=52&lon=5&valid=false")]
    [InlineData("id=1&lat=52&lon=5&valid=0")]
    [InlineData("id=1&lat=NaN&lon=5")]
    public void ReadQuery_WithoutAPlaceThatCounts_IsAFixNowhere(string query)
    {
        var position = ReadQuery(query);

        Assert.Null(position.Fault);
        Assert.Equal(FixOutcome.InvalidCoordinates, PositionJudge.Fault(position.Fix, Now, new())!.Value.Outcome);
    }

    [Fact]
    public void ReadForwarding_Outdated_LeavesTheNewerAttributesOut()
    {
        const string Body = """
            {"device":{"uniqueId":"1"},"position":{"outdated":OUTDATED,"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5,
            "attributes":{"ignition":true,"odometer":224518205,"motion":false}}}
            """;

        var current = ReadForwarding(Body.Replace("OUTDATED", "false", StringComparison.Ordinal)).Fix;
        var outdated = ReadForwarding(Body.Replace("OUTDATED", "true", StringComparison.Ordinal)).Fix;

        Assert.Equal((true, 224_518.205), (current.Ignition, current.OdometerKm));
        Assert.Equal(current with { Ignition = null, OdometerKm = null }, outdated);
    }

    [Fact]
    public void ReadForwarding_NotValid_IsAFixNowhere() => Assert.True(double.IsNaN(ReadForwarding(
        """{"device":{"uniqueId":"1"},"position":{"valid":false,"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5}}""").Fix.Latitude));

    /// <summary>A member that nobody knows here is read past, whatever its name is.</summary>
    [Theory]
    [InlineData("""{"\ud800":1,"device":{"uniqueId":"1"},"position":{"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5}}""")]
    [InlineData("""{"device":{"uniqueId":"1","\ud800":1},"position":{"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5}}""")]
    [InlineData("""{"device":{"uniqueId":"1"},"position":{"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5,"\ud800":1,"x\ud800":{"\udfff":"\ud800"}}}""")]
    [InlineData("""{"device":{"uniqueId":"1"},"position":{"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5,"attributes":{"\ud800":1}}}""")]
    public void ReadForwarding_MemberWithABrokenName_IsReadPast(string body)
    {
        var position = ReadForwarding(body);

        Assert.Null(position.Fault);
        Assert.Equal((52, 5), (position.Fix.Latitude, position.Fix.Longitude));
    }

    [Fact]
    public void ReadForwarding_KnownMembersAfterABrokenName_CountAsBefore()
    {
        var fix = ReadForwarding(
            """{"device":{"uniqueId":"1"},"position":{"\ud800":1,"valid":false,"fixTime":"2026-11-24T09:30:15Z","latitude":52,"longitude":5,"attributes":{"\ud800":1,"ignition":true}}}""").Fix;

        Assert.True(double.IsNaN(fix.Latitude));
        Assert.True(fix.Ignition);
    }

    [Theory]
    [InlineData("lat=1&lon=2", "id")]
    [InlineData("id=&lat=1&lon=2", "id")]
    [InlineData("id=a%00b&lat=1&lon=2", "id")]
    [InlineData("id=%20%09&lat=1&lon=2", "id")]
    [InlineData("id=1&lat=1&lon=2&speedUnit=mph", "speedUnit")]
    [InlineData("id=1&lat=north&lon=2", "lat")]
    [InlineData("id=1&lat=52,1&lon=2", "lat")]
    [InlineData("id=1&location=Utrecht", "location")]
    [InlineData("id=1&location=52.1,x", "location")]
    [InlineData("id=1&lat=1&lon=2&timestamp=yesterday", "timestamp")]
    [InlineData("id=1&lat=1&lon=2&timestamp=2026-02-30 10:00:00", "timestamp")]
    [InlineData("id=1&lat=1&lon=2&timestamp=99999999999999999999", "timestamp")]
    [InlineData("id=1&lat=1&lon=2&timestamp=-99999999999999", "timestamp")]
    [InlineData("", "id")]
    public void ReadQuery_WhatIsNoReport_NamesTheParameter(string query, string field) =>
        Assert.Equal(field, OsmAndQuery.Read("?" + query, null).Fault?.Field);

    [Theory]
    [InlineData("""{"location":{}}""", "device_id")]
    [InlineData("""{"device_id":"\ud800","location":{}}""", "device_id")]
    [InlineData("""{"device_id":"a\u0000","location":{}}""", "device_id")]
    [InlineData("""{"device_id":{},"location":{}}""", "device_id")]
    [InlineData("""{"device_id":"1"}""", "location")]
    [InlineData("""{"device_id":"1","location":[]}""", "location")]
    [InlineData("""{"device_id":"1","location":{"timestamp":"\ud800"}}""", "location.timestamp")]
    [InlineData("""{"device_id":"1","location":{"timestamp":true}}""", "location.timestamp")]
    [InlineData("""{"device_id":"1","location":{"timestamp":1e400}}""", "location.timestamp")]
    [InlineData("""[]""", "body")]
    [InlineData("""{} {}""", "body")]
    [InlineData("""{"device_id":""", "body")]
    [InlineData("", "body")]
    public void ReadJson_WhatIsNoReport_NamesTheField(string body, string field) =>
        Assert.Equal(field, Fault(Encoding.UTF8.GetBytes(body), OsmAndJson.Read)?.Field);

    [Fact]
    public void ReadJson_OneOfAListThatCannotBeRead_LeavesTheOthers()
    {
        using var batch = new PositionBatch();
        var body = """
            {"device_id":"1","location":[{"timestamp":1795512615,"coords":{"latitude":52,"longitude":5}},5,{"timestamp":"soon"},
            {"timestamp":1795512616,"coords":{"latitude":52,"longitude":5}}]}
            """;

        Assert.Null(OsmAndJson.Read(Encoding.UTF8.GetBytes(body), "osmand", Now, batch));

        Assert.Equal(
            ["", "location must be an object", "location.timestamp must be a time in ISO 8601, or unix seconds or milliseconds", ""],
            batch.Positions.ToArray().Select(position => position.Fault ?? ""));
    }

    [Fact]
    public void Read_WithAByteOrderMark_IsTheSame()
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];

        Assert.Null(Fault([.. mark, .. Encoding.UTF8.GetBytes(Jsons[0])], OsmAndJson.Read));
        Assert.Null(Fault([.. mark, .. Encoding.UTF8.GetBytes(Forwardings[0])], TraccarForwarding.Read));
    }

    [Theory]
    [InlineData("1.795512615E9")]
    [InlineData("1.795512615e12")]
    [InlineData("2026-11-24T09:30:15.000000000Z")]
    [InlineData("2026-11-24T10:30:15.0000000009+01:00")]
    [InlineData("2026-11-24 09:30:15.000000000")]
    [InlineData("20261124T093015Z")]
    public void TryTime_AsProgramsWriteIt_IsThatMoment(string text)
    {
        Assert.True(TrackerText.TryTime(text, out var time));
        Assert.Equal(Fix.FixTime, time);
    }

    [Theory]
    [InlineData("2026-11-24T09:30:15.00000000x0Z")]
    [InlineData("2026-11.000000000")]
    [InlineData("1e400")]
    [InlineData("1e29")]
    public void TryTime_WhatIsNone_IsNone(string text) => Assert.False(TrackerText.TryTime(text, out _));

    [Theory]
    [InlineData("""{"position":{"fixTime":1}}""", "device.uniqueId")]
    [InlineData("""{"device":{"uniqueId":"1"}}""", "position")]
    [InlineData("""{"device":{"uniqueId":"1"},"position":{"latitude":1}}""", "position.fixTime")]
    [InlineData("""{"device":{"uniqueId":"1"},"position":{"fixTime":"soon"}}""", "position.fixTime")]
    [InlineData("null", "body")]
    public void ReadForwarding_WhatIsNoPosition_NamesTheField(string body, string field) =>
        Assert.Equal(field, Fault(Encoding.UTF8.GetBytes(body), TraccarForwarding.Read)?.Field);

    [Fact]
    public void ReadJson_TooDeepOrNotUtf8_IsRefused()
    {
        var deep = $$"""{"device_id":"1","location":{{string.Concat(Enumerable.Repeat("{\"a\":", 200))}}1{{new string('}', 200)}}}""";

        Assert.Equal("body", Fault(Encoding.UTF8.GetBytes(deep), OsmAndJson.Read)?.Field);
        Assert.Equal("body", Fault([.. "{\"device_id\":\""u8, 0xFF, .. "\"}"u8], TraccarForwarding.Read)?.Field);
    }

    /// <summary>Parameters come in any order, also those that say the same thing twice in different words.</summary>
    [Property]
    public void ReadQuery_AnyOrder_GivesTheSameFix(int seed)
    {
        string[] parameters =
        [
            "id=van-7", "deviceid=other", "timestamp=1795512615", "lat=52.0907", "lon=5.1214", "location=1,2",
            "speed=14.5788337", "bearing=90", "heading=1", "altitude=5", "accuracy=8", "wifi=a,1", "wifi=b,2", "valid=true", "odd",
        ];
        new Random(seed).Shuffle(parameters);

        var position = ReadQuery(string.Join('&', parameters));

        Assert.Equal((VehicleKey.OfDevice("van-7"), Fix), (position.Key, position.Fix));
    }

    [Property]
    public void Read_AnyText_NeverThrows(string noise, int at)
    {
        var (first, query) = ((int)((uint)at % 60), Queries[(int)((uint)at % Queries.Length)]);
        foreach (var text in new[] { noise ?? "", query[..first] + noise + query[first..], $"id=1&timestamp={noise}&location={noise}" })
        {
            var (report, fault) = OsmAndQuery.Read("?" + text, noise);
            if (fault is null)
            {
                Assert.Null(report.ToPosition("osmand", Now).Fault);
            }
        }
    }

    [Property]
    public void Read_AnyBytes_NeverThrows(byte[] noise, int at)
    {
        foreach (var text in Jsons.Concat(Forwardings))
        {
            var body = Encoding.UTF8.GetBytes(text);
            noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));

            _ = Fault(body, OsmAndJson.Read);
            _ = Fault(body, TraccarForwarding.Read);
        }
    }

    /// <summary>Whatever unit a time is told in, it is the same moment to the unit's last digit.</summary>
    [Property]
    public void TryTime_EveryWayToSayAMoment_IsThatMoment(uint seconds, ushort milliseconds)
    {
        var moment = DateTimeOffset.FromUnixTimeSeconds(seconds % int.MaxValue);
        var fine = moment.AddMilliseconds(milliseconds % 1000);

        Assert.Equal(moment, Time($"{moment.ToUnixTimeSeconds()}"));
        Assert.Equal(moment, Time($"{moment:yyyy-MM-dd HH:mm:ss}"));
        Assert.Equal(fine, Time($"{fine:O}"));
        Assert.Equal(fine, Time($"{fine.ToOffset(TimeSpan.FromHours(5.5)):yyyy-MM-dd'T'HH:mm:ss.fffzzz}"));
        // A smaller number is seconds: nobody sends milliseconds of January 1970.
        if (fine.ToUnixTimeMilliseconds() >= int.MaxValue)
        {
            Assert.Equal(fine, Time($"{fine.ToUnixTimeMilliseconds()}"));
        }

        static DateTimeOffset Time(string text) => TrackerText.TryTime(text, out var time) ? time : throw new InvalidDataException(text);
    }
}
