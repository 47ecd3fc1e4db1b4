using System.Globalization;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.Addresses.Pdok;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Places;

/// <summary>
/// Names places: by the register that was loaded, else by PDOK where that is configured. Answers are remembered by place, so that a van that
/// stands is asked about once. A service that does not answer makes no name, never a fault.
/// </summary>
internal sealed partial class PlaceDirectory(PlaceQueries register, PdokClient pdok, IOptions<PlaceOptions> options, TimeProvider time, ILogger<PlaceDirectory> logger) : IDisposable
{
    /// <summary>Degrees to so many decimals: about ten metres.</summary>
    private const int Decimals = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.Value.CacheSize });

    /// <summary>The place at coordinates; null where there is no address near.</summary>
    public async Task<Place?> AtAsync(double latitude, double longitude, CancellationToken cancellation)
    {
        var (north, east, now) = (Math.Round(latitude, Decimals), Math.Round(longitude, Decimals), time.GetUtcNow());
        if (_cache.TryGetValue((north, east), out Kept kept) && kept.Until > now)
        {
            return kept.Place;
        }

        var (place, keepFor) = (await register.NearestAsync(north, east, cancellation), options.Value.CacheFor);
        if (place is null && options.Value.UsePdok && !await register.IsLoadedAsync(cancellation))
        {
            var (found, answered) = await AskAsync(() => pdok.NearestAsync(north, east, PlaceQueries.Reach, cancellation), cancellation);
            (place, keepFor) = (found is null ? null : PlaceOf(found), answered ? keepFor : Pause);
        }

        _cache.Set((north, east), new Kept(place, now + keepFor), new MemoryCacheEntryOptions { Size = 1 });
        return place;
    }

    /// <summary>The places that a text may mean, the likeliest first.</summary>
    public async Task<IReadOnlyList<Place>> FindAsync(string text, int limit, CancellationToken cancellation)
    {
        var found = await register.FindAsync(text, limit, cancellation);
        return found.Count > 0 || !options.Value.UsePdok ? found
            : [.. ((await AskAsync(() => pdok.SearchAsync(text, limit, cancellation), cancellation)).Answer ?? []).Select(PlaceOf)];
    }

    public void Dispose() => _cache.Dispose();

    private static Place PlaceOf(RegisteredAddress found) =>
        new(found.Street, found.HouseNumber.ToString(), found.PostalCode, found.City, found.Latitude, found.Longitude, PdokAddressValidator.Source);

    private async Task<(T? Answer, bool Answered)> AskAsync<T>(Func<Task<T?>> ask, CancellationToken cancellation) where T : class
    {
        try
        {
            return (await ask(), true);
        }
        // Whatever a server or the network does, a place without a name is no fault of who asks.
#pragma warning disable CA1031
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotAsked(fault.GetType().Name, fault.Message);
            return (null, false);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A place stays without a name, since PDOK's Locatieserver could not be asked: {Kind}: {Fault}")]
    private partial void LogNotAsked(string kind, string fault);

    private readonly record struct Kept(Place? Place, DateTimeOffset Until);
}
