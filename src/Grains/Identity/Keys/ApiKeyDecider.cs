using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Keys;

/// <summary>A key's commands. Pure; <c>now</c> is UTC.</summary>
internal static class ApiKeyDecider
{
    /// <summary>What a command does to a key (null: to none yet), or why it is refused.</summary>
    public static Result<Outcome<ApiKey>> Decide(Guid id, ApiKey? key, EntityCommand<ApiKey> command, DateTimeOffset now) => (key, command) switch
    {
        (null, MakeApiKey make) => Outcome.Of(make.Key with { Id = id, CreatedAt = now }, "created") with { Summary = "Key made" },
        (_, MakeApiKey) => new Conflict("exists", $"The key {id} exists already."),
        (null, _) => new NotFound(ApiKeyTable.TableName, id.ToString()),
        ({ RevokedAt: not null }, RotateApiKey) => new Conflict("key_revoked", "The key was revoked: make a new one."),
        (_, RotateApiKey rotate) => Outcome.Of(
            key with { KeyHash = rotate.KeyHash, FormerKeyHash = key.KeyHash, FormerKeyExpiresAt = now + rotate.Overlap }, "rotated") with { Summary = "Key rotated" },
        ({ RevokedAt: not null }, RevokeApiKey) => Outcome.Unchanged(key),
        (_, RevokeApiKey) => Outcome.Of(key with { RevokedAt = now }, "revoked") with { Summary = "Key revoked" },
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a key."),
    };
}
