using System.Globalization;

namespace ChargeCars.Api.Platform.Http;

/// <summary><c>?at=</c>: what stood at a moment of the past (docs/adr/0075).</summary>
public static class PastMoment
{
    private const string InFuture = "must not be in the future";

    /// <summary>A client's clock may be this much ahead of ours without being told of the future.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    /// <summary>The parameter, as the API's description has it.</summary>
    public static QueryParameter Parameter { get; } = new("at", $"a moment of the past, for what stood then; now where it is left out: {WireTime.Expected}");

    /// <summary>The moment that is asked for; null where none is, and where it is a fault.</summary>
    public static DateTimeOffset? Past(this QueryParameters parameters, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var at = parameters.Time(Parameter.Name);
        parameters.RequirePast(Parameter.Name, at, now);
        return at;
    }

    /// <summary>The same of what the record of changes tells: refuses a moment from before its first one too.</summary>
    /// <param name="parameters">The query.</param>
    /// <param name="now">UTC.</param>
    /// <param name="begins">When the record begins, UTC.</param>
    public static DateTimeOffset? Past(this QueryParameters parameters, DateTimeOffset now, DateTimeOffset begins)
    {
        var at = parameters.Past(now);
        parameters.Require(Parameter.Name, !(at < begins), Before(begins));
        return at;
    }

    /// <summary>Refuses a time that is still to come.</summary>
    public static void RequirePast(this QueryParameters parameters, string name, DateTimeOffset? time, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.Require(name, !IsAhead(time, now), InFuture);
    }

    /// <summary>Why a list can't be asked for as of this moment; null where it can.</summary>
    public static Error? Refusal(DateTimeOffset? at, DateTimeOffset now) => IsAhead(at, now) ? Invalid.Field(Parameter.Name, InFuture) : null;

    /// <summary>The same of what the record of changes tells.</summary>
    /// <param name="at">The moment that is asked for; null for now.</param>
    /// <param name="now">UTC.</param>
    /// <param name="begins">When the record begins, UTC.</param>
    public static Error? Refusal(DateTimeOffset? at, DateTimeOffset now, DateTimeOffset begins) =>
        Refusal(at, now) ?? (at < begins ? Invalid.Field(Parameter.Name, Before(begins)) : null);

    private static string Before(DateTimeOffset begins) => string.Create(
        CultureInfo.InvariantCulture, $"must not be before {begins:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}, when the record of changes begins");

    private static bool IsAhead(DateTimeOffset? time, DateTimeOffset now) => time > now + ClockTolerance;
}
