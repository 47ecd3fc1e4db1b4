using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Platform.Http;

/// <summary>A query parameter that an endpoint takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expected">What it must be, for the reader of the API's description.</param>
public sealed record QueryParameter(string Name, string Expected);

/// <summary>
/// The query parameters that an endpoint takes. An endpoint under <c>/api</c> that does not state any takes none: what is not
/// stated is refused by name, as an unknown field of a body is, and what is stated is in the API's description.
/// </summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="TakesAny">Whether the endpoint ignores other parameters, because others define the format.</param>
public sealed record KnownQuery(IReadOnlyList<QueryParameter> Parameters, bool TakesAny = false)
{
    /// <summary>What an endpoint states, from all of its groups.</summary>
    internal static KnownQuery Of(EndpointMetadataCollection metadata) => metadata.GetOrderedMetadata<KnownQuery>() switch
    {
        [] => new([]),
        [var only] => only,
        var several => new([.. several.SelectMany(known => known.Parameters)], several.Any(known => known.TakesAny)),
    };

    /// <summary>Refuses, before the endpoint, a query string with a name that it does not take, or with one given twice.</summary>
    internal static Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.QueryString.HasValue || http.GetEndpoint() is not { } endpoint || !http.Request.Path.StartsWithSegments("/api"))
        {
            return next(http);
        }

        var known = Of(endpoint.Metadata);
        return known.TakesAny || known.Refusal(http.Request.Query) is not { } refusal ? next(http) : ProblemAnswers.From(refusal).ExecuteAsync(http);
    }

    /// <summary>What is wrong with the names, and with texts that could not be kept; null where nothing is.</summary>
    private Invalid? Refusal(IQueryCollection query)
    {
        var faults = Faults(query, [.. Parameters.Select(parameter => parameter.Name)]);
        return faults.Count == 0 ? null : new(faults);
    }

    internal static Dictionary<string, string[]> Faults(IQueryCollection query, IReadOnlyCollection<string> known)
    {
        var faults = new Dictionary<string, string[]>();
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
            {
                faults[name] = [known.Count == 0 ? "is not known here; no query parameters are" : $"is not known here; known are {string.Join(", ", known)}"];
            }
            else if (values.Count > 1)
            {
                faults[name] = ["is given more than once"];
            }
            else if (StorableText.Fault(values.ToString()) is { } fault)
            {
                faults[name] = [fault];
            }
        }

        return faults;
    }
}

/// <summary>How endpoints state their query parameters.</summary>
public static class KnownQueryExtensions
{
    private static readonly QueryParameter Limit = new(
        "limit", $"a whole number from 1 to {ListDefinition.LargestLimit}; {ListDefinition.DefaultLimit} where it is left out");

    private static readonly QueryParameter Cursor = new("cursor", "the nextCursor of the page before");

    /// <summary>States the query parameters of an endpoint.</summary>
    public static TBuilder TakesQuery<TBuilder>(this TBuilder builder, params QueryParameter[] parameters) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KnownQuery(parameters));

    /// <summary>States those of a list: filters, sort, limit and cursor.</summary>
    public static TBuilder TakesQuery<TBuilder>(this TBuilder builder, ListDefinition list) where TBuilder : IEndpointConventionBuilder =>
        builder.TakesPages().TakesFilters(list);

    /// <summary>States a list's filters and sort alone, for who reads all of it.</summary>
    public static TBuilder TakesFilters<TBuilder>(this TBuilder builder, ListDefinition list) where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(list);
        return builder.TakesQuery(
        [
            new("sort", $"one of {string.Join(", ", list.Sorts.Keys)}, with - before it for descending; {list.DefaultSort} where it is left out"),
            .. list.HasPast ? [PastMoment.Parameter] : Array.Empty<QueryParameter>(),
            .. list.Filters.Select(filter => new QueryParameter(filter.Key, filter.Value.Expected)),
        ]);
    }

    /// <summary>States limit and cursor.</summary>
    public static TBuilder TakesPages<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.TakesQuery(Limit, Cursor);

    /// <summary>States that others define the format of the query: the endpoint ignores the parameters that it does not know.</summary>
    public static TBuilder TakesAnyQuery<TBuilder>(this TBuilder builder, params QueryParameter[] known) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new KnownQuery(known, TakesAny: true));
}
