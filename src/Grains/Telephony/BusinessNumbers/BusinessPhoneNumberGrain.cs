using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Lines;

namespace ChargeCars.Telephony.BusinessNumbers;

internal sealed class BusinessPhoneNumberGrain(EntityStore<BusinessPhoneNumber, BusinessPhoneNumberKind> store, TimeProvider time)
    : StandardGrain<BusinessPhoneNumber, BusinessPhoneNumberDetails, BusinessPhoneNumberKind>(store, time)
{
    protected override Result<Outcome<BusinessPhoneNumber>> Decide(
        BusinessPhoneNumber? state, EntityCommand<BusinessPhoneNumber> command, DateTimeOffset now) =>
        command is TakeLineEvent { Event: var said } ? LineMerge.Take(Id, state, said, now) : base.Decide(state, command, now);
}
