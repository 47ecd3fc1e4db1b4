using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Relations.Places;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Relations.Places;

/// <summary>The answer of <c>GET /api/places/reverse</c>.</summary>
/// <param name="Place">The address that is nearest; null where there is none near, or none is known.</param>
public sealed record PlaceAt(Place? Place);

/// <summary>The answer of <c>GET /api/places</c>.</summary>
/// <param name="Items">The likeliest first.</param>
public sealed record PlaceList(IReadOnlyList<Place> Items);

/// <summary><c>/api/places</c>: which street is where, by the public register of addresses. It says nothing of the company's own, so it has no scope but its permission.</summary>
public static class PlaceEndpoints
{
    private const int Most = 20;
    private const int Usual = 10;

    private static readonly QueryParameter Text = new("q", "required: a street, a number and a town, or a postcode and a number; 2 to 100 characters");

    /// <summary>Maps them.</summary>
    public static void MapPlaces(this IEndpointRouteBuilder routes)
    {
        var places = routes.MapGroup("/api/places").WithTags("Places").RequirePermission(Permissions.PlacesRead);
        places.MapGet("/", FindAsync).Produces<PlaceList>().WithName("FindPlaces")
            .TakesQuery(Text, new QueryParameter("limit", $"a whole number from 1 to {Most}; {Usual} where it is left out"))
            .WithSummary("The addresses and streets that a text may mean.");
        places.MapGet("/reverse", AtAsync).Produces<PlaceAt>().WithName("FindPlaceAt")
            .TakesQuery(new QueryParameter("latitude", "required: degrees, -90 to 90"), new QueryParameter("longitude", "required: degrees, -180 to 180"))
            .WithSummary("The address that is nearest to a place, within 300 metres.");
    }

    private static async Task<IResult> FindAsync(HttpContext http, PlaceDirectory places)
    {
        var query = QueryParameters.Of(http);
        var text = query.Text(Text.Name)?.Trim();
        query.Require(Text.Name, text is { Length: >= 2 and <= 100 }, $"is {Text.Expected}");
        var limit = query.Whole("limit", 1, Most) ?? Usual;
        return query.Refusal is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(new PlaceList(await places.FindAsync(text!, limit, http.RequestAborted)));
    }

    private static async Task<IResult> AtAsync(HttpContext http, PlaceDirectory places)
    {
        var query = QueryParameters.Of(http);
        var (latitude, longitude) = (query.RequiredNumber("latitude", -90, 90), query.RequiredNumber("longitude", -180, 180));
        return query.Refusal is { } refusal
            ? ProblemAnswers.From(refusal)
            : TypedResults.Ok(new PlaceAt(await places.AtAsync(latitude!.Value, longitude!.Value, http.RequestAborted)));
    }
}
