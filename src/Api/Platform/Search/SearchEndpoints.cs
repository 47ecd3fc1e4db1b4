using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.Search;

/// <summary>One search over everything that a caller sees.</summary>
public static class SearchEndpoints
{
    private const int DefaultLimit = 20;

    /// <summary>Maps <c>/api/search</c>.</summary>
    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/search", SearchAsync).RequireSignedIn()
            .TakesQuery(
                new("q", "what to look for, 2 to 200 characters"),
                new("types", "kinds by their tables, with commas between them; all that the caller may see where it is left out"),
                new("limit", $"a whole number from 1 to {SearchReader.Most}; {DefaultLimit} where it is left out"))
            .Produces<SearchAnswer>()
            .WithTags("Search").WithName("Search")
            .WithSummary("Finds organizations, contacts, addresses, orders and more by words, numbers, plates, postcodes and phone numbers as people type them.");

    private static async Task<IResult> SearchAsync(HttpContext http, SearchReader search, IEnumerable<SearchScope> scopes)
    {
        var (parameters, caller) = (QueryParameters.Of(http), Caller.Of(http));
        var (limit, all) = (parameters.Whole("limit", 1, SearchReader.Most) ?? DefaultLimit, scopes.ToList());
        var types = parameters.Text("types")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var known = all.Select(scope => scope.Kind.Table).Order(StringComparer.Ordinal).ToList();
        parameters.Require("types", types is null || (types.Length > 0 && types.All(known.Contains)), $"must be some of {string.Join(", ", known)}, with commas between them");
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        // A kind that the caller may not see is searched like one in which there is nothing.
        var seen = all.Where(scope => caller.Permissions.Contains(scope.Read)).ToList();
        var asked = seen.Where(scope => types is null || types.Contains(scope.Kind.Table)).Select(scope => scope.Kind.Table).ToHashSet();
        var searched = WithWhatLeadsTo(asked, seen);
        var typed = parameters.Text("q");
        var found = await search.SearchAsync(
            typed, [.. seen.Where(scope => searched.Contains(scope.Kind.Table)).Select(scope => new SearchedKind(scope.Kind, () => scope.Visible(caller), asked.Contains(scope.Kind.Table)))],
            limit, http.RequestAborted);
        return found.Succeeded
            ? TypedResults.Ok(new SearchAnswer([.. found.Value.Select(hit => SearchItem.Of(hit, typed!))]))
            : ProblemAnswers.From(found.Error);
    }

    // An order is found through its customer: who asks for orders has customers searched too, as far as they see them.
    private static HashSet<string> WithWhatLeadsTo(IReadOnlySet<string> asked, IReadOnlyList<SearchScope> seen)
    {
        var searched = asked.ToHashSet();
        for (var before = -1; before < searched.Count;)
        {
            before = searched.Count;
            searched.UnionWith(seen.Where(scope => searched.Contains(scope.Kind.Table)).SelectMany(scope => scope.Kind.Through.Select(through => through.Table)).ToList());
        }

        return searched;
    }
}

/// <summary>What a search found: kinds one after another, the one with the best find first, and each kind's best find first.</summary>
/// <param name="Items">The finds.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchItem> Items);
