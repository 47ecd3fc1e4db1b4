using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Addresses.Pdok;

/// <summary>Asks the Locatieserver for the addresses at a postcode and number.</summary>
internal sealed class PdokClient(IHttpClientFactory clients, IOptions<PdokOptions> options)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string Http = "pdok";

    private const int PageSize = 100;

    /// <summary>A block of homes may share one number; more than this is not read.</summary>
    private const int MostFound = 1_000;

    /// <summary>Every address at the postcode and number, whatever its letter and addition.</summary>
    /// <exception cref="HttpRequestException">It did not answer, or not with success.</exception>
    /// <exception cref="FormatException">It answered something else than addresses, or too many.</exception>
    public async Task<IReadOnlyList<RegisteredAddress>> FindAsync(string postcode, int number, CancellationToken cancellation)
    {
        using var http = clients.CreateClient(Http);
        var address = $"{Root}/free?q={postcode}%20{number}&fq=type:adres&fq=postcode:{postcode}&fq=huisnummer:{number}"
            + $"&fl={PdokAddress.Fields}&rows={PageSize}&start=";
        List<RegisteredAddress> found = [];
        while (true)
        {
            var page = await PageAsync(http, new Uri(address + found.Count), cancellation);
            found.AddRange(page.Docs.Select(entry => entry.ToRegistered()));
            if (found.Count >= page.NumFound)
            {
                return found;
            }

            if (page.Docs.Count == 0 || page.NumFound > MostFound)
            {
                throw new FormatException($"It found {page.NumFound} addresses and gave {found.Count}.");
            }
        }
    }

    /// <summary>The address nearest to a place; null where none is within that many metres.</summary>
    /// <exception cref="HttpRequestException">It did not answer, or not with success.</exception>
    /// <exception cref="FormatException">It answered something else than addresses.</exception>
    public async Task<RegisteredAddress?> NearestAsync(double latitude, double longitude, double reach, CancellationToken cancellation)
    {
        using var http = clients.CreateClient(Http);
        var address = string.Create(CultureInfo.InvariantCulture,
            $"{Root}/reverse?lat={latitude}&lon={longitude}&type=adres&distance={reach}&rows=1&fl={PdokAddress.Fields}");
        return (await PageAsync(http, new Uri(address), cancellation)).Docs is [var first, ..] ? first.ToRegistered() : null;
    }

    /// <summary>The addresses that a text may mean, the likeliest first.</summary>
    /// <inheritdoc cref="NearestAsync" path="/exception"/>
    public async Task<IReadOnlyList<RegisteredAddress>?> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        using var http = clients.CreateClient(Http);
        var address = string.Create(CultureInfo.InvariantCulture, $"{Root}/free?q={Uri.EscapeDataString(text)}&fq=type:adres&fl={PdokAddress.Fields}&rows={limit}");
        return [.. (await PageAsync(http, new Uri(address), cancellation)).Docs.Select(found => found.ToRegistered())];
    }

    private string Root => options.Value.Address!.TrimEnd('/');

    private static async Task<PdokPage> PageAsync(HttpClient http, Uri address, CancellationToken cancellation)
    {
        try
        {
            return (await http.GetFromJsonAsync<PdokAnswer>(address, PdokAnswer.Options, cancellation))!.Response;
        }
        catch (JsonException fault)
        {
            throw new FormatException("It answered something else than a list of addresses.", fault);
        }
    }
}
