using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Keys;

/// <summary>Makes a key.</summary>
/// <param name="Key">As it is asked for, with the hash of its secret; the frame sets its version and its times.</param>
[GenerateSerializer, Immutable, Alias("api-key.make")]
public sealed record MakeApiKey(ApiKey Key) : EntityCommand<ApiKey>;

/// <summary>Gives a key another secret; the one before it counts on for a while, the one before that no more.</summary>
/// <param name="KeyHash">The hash of the new secret.</param>
/// <param name="Overlap">How long the former secret counts on.</param>
[GenerateSerializer, Immutable, Alias("api-key.rotate")]
public sealed record RotateApiKey(byte[] KeyHash, TimeSpan Overlap) : EntityCommand<ApiKey>;

/// <summary>Ends a key for ever; one that has ended stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("api-key.revoke")]
public sealed record RevokeApiKey : EntityCommand<ApiKey>;
