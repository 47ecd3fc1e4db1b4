using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Preferences;

internal sealed class UserPreferencesGrain(EntityStore<UserPreferences, UserPreferencesKind> store, TimeProvider time)
    : StandardGrain<UserPreferences, UserPreferencesDetails, UserPreferencesKind>(store, time);
