using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.PhoneNumbers;

internal sealed class ContactPhoneNumberGrain(EntityStore<ContactPhoneNumber, PhoneNumberKind> store, TimeProvider time)
    : StandardGrain<ContactPhoneNumber, ContactPhoneNumberDetails, PhoneNumberKind>(store, time);
