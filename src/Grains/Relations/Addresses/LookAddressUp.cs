using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Addresses;

/// <summary>Asks the register about an address.</summary>
[Alias("address.look-up")]
internal sealed record LookAddressUp(PostalAddress Address);

/// <summary>Asks, and tells the address what was found. What can't be checked stays unvalidated.</summary>
internal sealed class AddressLookup(IAddressValidator register, IGrainFactory grains) : IDueCommandHandler<LookAddressUp>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, LookAddressUp command, CommandContext context, CancellationToken cancellation)
    {
        if (await register.ValidateAsync(command.Address, cancellation) is not AddressValid valid)
        {
            return null;
        }

        var found = valid.Address;
        var taken = await grains.GetGrain<IEntityGrain<Address>>(targetId).ExecuteAsync(
            new TakeAddressFinding(
                command.Address, $"{valid.Source}:{found.NummeraanduidingId}", new((decimal)found.Latitude, (decimal)found.Longitude), found.Province),
            context);
        // An address that was deleted in the meantime needs no finding.
        return taken.Error is NotFound ? null : taken.Error;
    }
}
