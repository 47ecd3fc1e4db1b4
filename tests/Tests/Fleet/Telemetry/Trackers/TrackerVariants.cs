using System.Text;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Fleet.Telemetry.Trackers;

namespace ChargeCars.Tests.Fleet.Telemetry.Trackers;

/// <summary>One report, van-7 at 27 km/h in Utrecht on 24 November 2026, 09:30:15 UTC, as everything that trackers send.</summary>
internal static class TrackerVariants
{
    public const string FixTime = "2026-11-24T09:30:15Z";

    public const string UnixTime = "1795512615";

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 31, 0, TimeSpan.Zero);

    /// <summary>In an address or a form.</summary>
    public static readonly string[] Queries =
    [
        "id=van-7&timestamp=1795512615&lat=52.0907&lon=5.1214&speed=14.578833693304536&bearing=90&altitude=5&accuracy=8",
        "deviceid=van-7&timestamp=1795512615000&lat=52.0907&lon=5.1214&speed=14.5788&heading=90&altitude=5&accuracy=8",
        "accuracy=8&altitude=5&bearing=90.0&speed=14.5788337&location=52.0907,5.1214&timestamp=2026-11-24T09:30:15Z&id=van-7",
        "id=van-7&timestamp=2026-11-24T09:30:15.000%2B00:00&location=52.0907%2C5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
        "id=van-7&timestamp=2026-11-24T10:30:15+01:00&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
        "id=van-7&timestamp=2026-11-24T10:30:15%2B0100&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
        "id=van-7&timestamp=2026-11-24%2009:30:15&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
        "id=van-7&timestamp=2026-11-24+09%3A30%3A15&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
        "id=van-7&timestamp=1795512615&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8&hdop=0.9&batt=81.5"
            + "&charge=true&valid=true&driverUniqueId=d1&cell=204,4,1,2,-70&cell=204,4,1,3&wifi=aa-bb-cc-dd-ee-ff,-60&alarm=sos&any=thing&odd",
        "id=van-7&timestamp=1795512615&lat=52.0907&lon=5.1214&speed=14.5788337&bearing=90&altitude=5&accuracy=8&valid=1&batt=&event=",
        // Radio cells and networks, each several times, beside a place that counts; the heading in its other word; no offset.
        "wifi=aa-bb-cc-dd-ee-ff,-60&wifi=11-22-33-44-55-66,-70&cell=204,4,1,2&cell=204,4,1,3,-80&deviceid=van-7&timestamp=2026-11-24T09:30:15"
            + "&location=52.0907,5.1214&speed=14.5788337&heading=90.0&altitude=5.0&accuracy=8.0&charge=false&driverUniqueId=d2",
        "id=van-7&timestamp=1795512615000&location=52.0907,5.1214&speed=14.5788337&heading=90&altitude=5&accuracy=8&hdop=1&batt=5&charge=true",
        // As the app OsmAnd fills in the address of docs/operations.md, and as another unit has it.
        "id=van-7&lat=52.0907&lon=5.1214&timestamp=1795512615000&accuracy=8.0&altitude=5.0&speed=7.5&speedUnit=m/s&bearing=90.0",
        "id=van-7&lat=52.0907&lon=5.1214&timestamp=1795512615000&accuracy=8&altitude=5&speedUnit=km%2Fh&speed=27&bearing=90",
        "id=%20van-7%20&lat=52.0907&lon=5.1214&timestamp=1795512615000&accuracy=8&altitude=5&speedUnit=kn&speed=14.5788337&bearing=90",
        // Java's nanoseconds, and a place with its altitude.
        "id=van-7&timestamp=2026-11-24T09:30:15.000000000Z&location=52.0907,5.1214,5.0&speed=14.5788337&bearing=90&altitude=5&accuracy=8",
    ];

    public static readonly string[] Jsons =
    [
        """
        {"device_id":"van-7","location":{"timestamp":"2026-11-24T09:30:15.000Z","coords":{"latitude":52.0907,"longitude":5.1214,
        "speed":7.5,"heading":90,"accuracy":8,"altitude":5},"is_moving":true,"odometer":120.5,"event":"motionchange",
        "battery":{"level":0.81,"is_charging":false},"activity":{"type":"in_vehicle"},"mock":false,"alarm":"sos","extras":{"a":[1]}}}
        """,
        """
        {"location":{"coords":{"altitude":5.0,"accuracy":8.0,"heading":90.0,"speed":7.5,"longitude":5.1214,"latitude":52.0907,
        "speed_accuracy":0.4},"timestamp":1795512615000,"new":{"thing":null}},"device_id":"van-7"}
        """,
        """
        {"device_id":" van-7 ","location":[{"timestamp":1795512615,"coords":{"latitude":52.0907,"longitude":5.1214,"speed":7.5,
        "heading":90,"accuracy":8,"altitude":5}}]}
        """,
    ];

    public static readonly string[] Forwardings =
    [
        """
        {"position":{"id":0,"attributes":{"motion":true,"batteryLevel":80,"distance":12.5,"totalDistance":99.1},"deviceId":3,
        "protocol":"teltonika","serverTime":"2026-11-24T09:30:20.123+00:00","deviceTime":"2026-11-24T09:30:15.000+00:00",
        "fixTime":"2026-11-24T09:30:15.000+00:00","outdated":false,"valid":true,"latitude":52.0907,"longitude":5.1214,"altitude":5.0,
        "speed":14.5788337,"course":90.0,"address":null,"accuracy":8.0,"network":null,"geofenceIds":null},
        "device":{"id":3,"attributes":{},"groupId":0,"name":"Bus 7","uniqueId":"van-7","status":"online","disabled":false}}
        """,
        """
        {"device":{"id":9,"name":"Bus 7","uniqueId":"van-7","status":"offline"},"position":{"deviceId":9,"protocol":"osmand","outdated":true,
        "valid":true,"serverTime":"2026-11-24T11:00:00Z","deviceTime":"2026-11-24T10:59:58Z","fixTime":"2026-11-24T09:30:15Z",
        "latitude":52.0907,"longitude":5.1214,"altitude":5,"speed":14.5788337,"course":90,"accuracy":8,
        "attributes":{"ignition":true,"motion":false,"odometer":224518205,"batteryLevel":81}}}
        """,
        """
        {"device":{"uniqueId":"van-7\t"},"position":{"fixTime":1795512615000,"latitude":52.0907,"longitude":5.1214,"altitude":5,
        "speed":14.5788337,"course":90,"accuracy":8}}
        """,
    ];

    public static ParsedPosition ReadQuery(string query)
    {
        var (report, fault) = OsmAndQuery.Read("?" + query, null);
        Assert.Null(fault);
        return report.ToPosition("osmand", Now);
    }

    public static ParsedPosition ReadJson(string body) => Read(body, OsmAndJson.Read);

    public static ParsedPosition ReadForwarding(string body) => Read(body, TraccarForwarding.Read);

    public delegate BodyFault? Reader(ReadOnlySpan<byte> body, string source, DateTimeOffset now, PositionBatch batch);

    public static ParsedPosition Read(string body, Reader read)
    {
        using var batch = new PositionBatch();
        Assert.Null(read(Encoding.UTF8.GetBytes(body), "osmand", Now, batch));
        return Assert.Single(batch.Positions.ToArray());
    }

    public static BodyFault? Fault(byte[] body, Reader read)
    {
        using var batch = new PositionBatch();
        return read(body, "osmand", Now, batch);
    }
}
