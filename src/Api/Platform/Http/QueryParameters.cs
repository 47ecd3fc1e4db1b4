using System.Globalization;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Platform.Http;

/// <summary>Reads a query string that is no list's; every fault is kept by its parameter, and unknown ones are faults.</summary>
public sealed class QueryParameters
{
    private readonly Dictionary<string, string> _values;
    private readonly Dictionary<string, string[]> _faults;

    /// <summary>Reads the parameters by the names that are known.</summary>
    private QueryParameters(IQueryCollection query, IReadOnlyCollection<string> known)
    {
        _faults = KnownQuery.Faults(query, known);
        _values = query.Where(pair => !_faults.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    /// <summary>Reads those that the request's endpoint states (<see cref="KnownQueryExtensions"/>).</summary>
    public static QueryParameters Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var known = http.GetEndpoint() is { } endpoint ? KnownQuery.Of(endpoint.Metadata).Parameters : [];
        return new(http.Request.Query, [.. known.Select(parameter => parameter.Name)]);
    }

    /// <summary>The refusal that the faults found so far make; null without any.</summary>
    public Error? Refusal => _faults.Count == 0 ? null : new Invalid(_faults);

    /// <summary>The text of a parameter; null where it is not there.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A time; null where it is not there or is a fault.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var good = WireTime.TryParse(text, out var time);
        Require(name, good, $"must be {WireTime.Expected}");
        return good ? time : null;
    }

    /// <summary>A time that must be there.</summary>
    public DateTimeOffset? RequiredTime(string name)
    {
        Require(name, _values.ContainsKey(name), $"is required: {WireTime.Expected}");
        return Time(name);
    }

    /// <summary>A number within bounds; null where it is not there or is a fault.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var good = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
        Require(name, good, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return good ? number : null;
    }

    /// <summary>A number that must be there.</summary>
    public double? RequiredNumber(string name, double least, double most)
    {
        Require(name, _values.ContainsKey(name), string.Create(CultureInfo.InvariantCulture, $"is required: a number from {least} to {most}"));
        return Number(name, least, most);
    }

    /// <summary>A page's length; the default where it is not there or is a fault.</summary>
    public int Limit() => Whole("limit", 1, ListDefinition.LargestLimit) ?? ListDefinition.DefaultLimit;

    /// <summary>A value by a rule of the caller's; null where it is not there or is a fault.</summary>
    public T? Value<T>(string name, Func<string, T?> parse, string fault) where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        Require(name, value is not null, fault);
        return value;
    }

    /// <summary>A whole number within bounds; null where it is not there or is a fault.</summary>
    public int? Whole(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
        Require(name, good, $"must be a whole number from {least} to {most}");
        return good ? number : null;
    }

    /// <summary>Keeps the fault unless the parameter is good, or has a fault already.</summary>
    public void Require(string name, bool good, string fault)
    {
        if (!good)
        {
            _faults.TryAdd(name, [fault]);
        }
    }
}
