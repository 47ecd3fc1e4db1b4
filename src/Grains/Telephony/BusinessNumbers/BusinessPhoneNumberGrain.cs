using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.BusinessNumbers;

internal sealed class BusinessPhoneNumberGrain(EntityStore<BusinessPhoneNumber, BusinessPhoneNumberKind> store, TimeProvider time)
    : StandardGrain<BusinessPhoneNumber, BusinessPhoneNumberDetails, BusinessPhoneNumberKind>(store, time);
