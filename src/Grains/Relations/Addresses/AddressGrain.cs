using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Addresses;

/// <summary>An address that is new or changed is looked up in the register, where there is one; nobody waits for that.</summary>
internal sealed class AddressGrain(EntityStore<Address, AddressKind> store, IAddressValidator register, TimeProvider time)
    : StandardGrain<Address, AddressDetails, AddressKind>(store, time)
{
    protected override Result<Outcome<Address>> Decide(Address? state, EntityCommand<Address> command, DateTimeOffset now)
    {
        var decided = base.Decide(state, command, now);
        return register is LocalAddressValidator || !decided.Succeeded || decided.Value.After is not { IsValidated: false } after
            || (state is not null && AddressKind.Postal(state) == AddressKind.Postal(after))
            ? decided
            : decided.Value with { Then = [new DueCommand(Id, new LookAddressUp(AddressKind.Postal(after)))] };
    }
}
