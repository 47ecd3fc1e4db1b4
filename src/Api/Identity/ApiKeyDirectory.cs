using System.Security.Cryptography;
using ChargeCars.Identity.Keys;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>Whose an API key is, out of this node's memory.</summary>
internal sealed class ApiKeyDirectory(NpgsqlDataSource source, TimeProvider time, KeyUse use) : FreshLookup<KnownKey>(time)
{
    /// <summary>Whether this node knows a key of that id, so that looking at it costs no more than a read every <see cref="FreshLookup{T}.Freshness"/>.</summary>
    public bool Remembers(string key) => SecretText.ApiKey.TryRead(key, out var id, out _) && Remembers(id);

    /// <summary>Whose the key is, or what is wrong with it. Says more than "not valid" only to who knows the secret.</summary>
    public async ValueTask<(CallerIdentity? Identity, string? Fault)> AuthenticateAsync(string key)
    {
        if (!SecretText.ApiKey.TryRead(key, out var id, out var secret)
            || await FindAsync(id) is not { } known
            || known.CallerOf(SecretText.HashOf(secret), Time.GetUtcNow()) is not { } caller)
        {
            return (null, "The API key is not valid.");
        }

        if (known.Key.RevokedAt is not null)
        {
            return (null, "The API key was revoked.");
        }

        var now = Time.GetUtcNow();
        if (known.Key.ExpiresAt <= now)
        {
            return (null, "The API key has expired.");
        }

        use.Note(id, now);
        return (caller, null);
    }

    /// <summary>The caller of a key as it is now; null once the key is revoked or expired, or the secret that it came by was replaced.</summary>
    public async ValueTask<Caller?> FindOpenAsync(Guid keyId, ReadOnlyMemory<byte> secretHash) =>
        await FindAsync(keyId) is { Key: { RevokedAt: null } key } known && !(key.ExpiresAt <= Time.GetUtcNow())
            ? known.CallerOf(secretHash.Span, Time.GetUtcNow())?.Caller
            : null;

    protected override async Task<KnownKey?> ReadAsync(Guid id)
    {
        await using var command = source.CreateCommand(ApiKeyTable.Rows.SelectOne);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new(ApiKeyTable.Rows.Read(row)) : null;
    }
}

/// <summary>A key with what its secret is compared to.</summary>
internal sealed class KnownKey(ApiKey key)
{
    // Made once for all of its requests.
    private readonly CallerIdentity _caller = new(key.AsCaller() with { SecretHash = key.KeyHash }, Credentials.KeyScheme);
    private readonly CallerIdentity _former = new(key.AsCaller() with { SecretHash = key.FormerKeyHash }, Credentials.KeyScheme);

    public ApiKey Key { get; } = key;

    /// <summary>Who has the secret of this hash; null where it is none of the key's, or no longer.</summary>
    public CallerIdentity? CallerOf(ReadOnlySpan<byte> secretHash, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(secretHash, Key.KeyHash) ? _caller
        : Key.FormerKeyHash is { } former && Key.FormerKeyExpiresAt > now && CryptographicOperations.FixedTimeEquals(secretHash, former) ? _former
        : null;
}
