using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace ChargeCars.Relations.Addresses.Pdok;

/// <summary>The body of the Locatieserver's <c>free</c>, as far as it is read.</summary>
internal sealed record PdokAnswer
{
    /// <summary>A body that lacks what is required is a fault, not an address without it.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    public required PdokPage Response { get; init; }
}

/// <summary>One page of what was found.</summary>
internal sealed record PdokPage
{
    public required int NumFound { get; init; }

    public required IReadOnlyList<PdokAddress> Docs { get; init; }
}

/// <summary>An address; a letter or addition that it does not have is left out.</summary>
internal sealed partial record PdokAddress
{
    /// <summary>The fields that are asked for.</summary>
    public const string Fields = "type,straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,gemeentenaam,provincienaam,"
        + "nummeraanduiding_id,adresseerbaarobject_id,centroide_ll";

    public required string Straatnaam { get; init; }

    public required int Huisnummer { get; init; }

    public string? Huisletter { get; init; }

    public string? Huisnummertoevoeging { get; init; }

    public required string Postcode { get; init; }

    public required string Woonplaatsnaam { get; init; }

    public string? Gemeentenaam { get; init; }

    public string? Provincienaam { get; init; }

    [JsonPropertyName("nummeraanduiding_id")] public required string NummeraanduidingId { get; init; }

    [JsonPropertyName("adresseerbaarobject_id")] public string? AdresseerbaarObjectId { get; init; }

    /// <summary><c>POINT(5.0998 52.0306)</c>: longitude first.</summary>
    [JsonPropertyName("centroide_ll")] public required string CentroideLl { get; init; }

    /// <summary>The same in our terms.</summary>
    /// <exception cref="FormatException">The point can't be read.</exception>
    public RegisteredAddress ToRegistered()
    {
        var point = Point().Match(CentroideLl);
        if (!point.Success)
        {
            throw new FormatException($"The point '{CentroideLl}' is not of the form POINT(longitude latitude).");
        }

        return new(
            NummeraanduidingId, Straatnaam,
            new HouseNumber(Huisnummer, Capital(Huisletter) is [var letter, ..] ? letter : null, Capital(Huisnummertoevoeging)),
            Addresses.Postcode.Normalized(Postcode), Woonplaatsnaam, Gemeentenaam, Provincienaam,
            Latitude: double.Parse(point.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
            Longitude: double.Parse(point.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            AdresseerbaarObjectId);
    }

    private static string? Capital(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().ToUpperInvariant();

    [GeneratedRegex(@"^POINT ?\(([0-9]{1,3}(?:\.[0-9]+)?) ([0-9]{1,2}(?:\.[0-9]+)?)\)\z")]
    private static partial Regex Point();
}
