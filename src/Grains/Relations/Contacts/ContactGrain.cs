using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Contacts;

internal sealed class ContactGrain(EntityStore<Contact, ContactKind> store, TimeProvider time)
    : StandardGrain<Contact, ContactDetails, ContactKind>(store, time);
