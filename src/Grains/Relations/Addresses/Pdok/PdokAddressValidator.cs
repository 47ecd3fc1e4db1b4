using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Addresses.Pdok;

/// <summary>Validates Dutch addresses at PDOK's Locatieserver, and remembers what it found at a postcode and number.</summary>
internal sealed partial class PdokAddressValidator(PdokClient client, IOptions<PdokOptions> options, TimeProvider time, ILogger<PdokAddressValidator> logger)
    : IAddressValidator, IDisposable
{
    /// <summary>What <c>address.validation_source</c> says.</summary>
    public const string Source = "pdok";

    private static readonly TimeSpan LongestForNone = TimeSpan.FromHours(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.Value.CacheSize });

    public async ValueTask<AddressFinding> ValidateAsync(PostalAddress address, CancellationToken cancellation)
    {
        if (LocalAddressValidator.WithoutRegister(address) is { } finding)
        {
            return finding;
        }

        var number = HouseNumber.Readings(address.StreetNumber!)[0].Number;
        try
        {
            return AddressMatch.Of(address, await AtAsync(Postcode.Normalized(address.PostalCode), number, cancellation), Source);
        }
        // Whatever a server or the network does must not keep an address from being saved.
#pragma warning disable CA1031
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotChecked(fault.GetType().Name, fault.Message);
            return new AddressUnknown("the register of addresses did not answer");
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<IReadOnlyList<RegisteredAddress>> AtAsync(string postcode, int number, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue((postcode, number), out Kept kept) && kept.Until > now)
        {
            return kept.Addresses;
        }

        var addresses = await client.FindAsync(postcode, number, cancellation);
        var keepFor = addresses.Count == 0 && options.Value.CacheFor > LongestForNone ? LongestForNone : options.Value.CacheFor;
        _cache.Set((postcode, number), new Kept(addresses, now + keepFor), new MemoryCacheEntryOptions { Size = 1 });
        return addresses;
    }

    [LoggerMessage(LogLevel.Warning, "An address stays unvalidated, since PDOK's Locatieserver could not be asked: {Kind}: {Fault}")]
    private partial void LogNotChecked(string kind, string fault);

    private readonly record struct Kept(IReadOnlyList<RegisteredAddress> Addresses, DateTimeOffset Until);
}
