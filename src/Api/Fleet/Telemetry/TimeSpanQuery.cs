using ChargeCars.Api.Platform.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>The <c>from</c> and <c>to</c> of a read of the past; by default the last 24 hours.</summary>
internal static class TimeSpanQuery
{
    /// <summary>For the endpoint to state.</summary>
    public static QueryParameter[] Parameters { get; } =
    [
        new("from", $"{WireTime.Expected}; a day before to where it is left out"), new("to", $"{WireTime.Expected}; now where it is left out"),
    ];

    /// <summary>The span, where the parameters have no fault.</summary>
    public static (DateTimeOffset Start, DateTimeOffset End) Read(QueryParameters parameters, DateTimeOffset now)
    {
        var end = parameters.Time("to") ?? now;
        var start = parameters.Time("from") ?? end.AddDays(-1);
        parameters.Require("from", start <= end, "must not be after to");
        return (start, end);
    }
}
