using System.Security.Cryptography;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>Whose an API key is, out of this node's memory.</summary>
internal sealed class ApiKeyDirectory(NpgsqlDataSource source, TimeProvider time, KeyUse use) : FreshLookup<KnownKey>(time)
{
    private const string SelectSql = $"SELECT {ApiKey.Columns}, key_hash, former_key_hash FROM api_key WHERE id = $1";

    /// <summary>The key's caller, or what is wrong with it. Says more than "not valid" only to who knows the secret.</summary>
    public async ValueTask<(Caller? Caller, string? Fault)> AuthenticateAsync(string key)
    {
        if (!SecretText.ApiKey.TryRead(key, out var id, out var secret)
            || await FindAsync(id) is not { } known
            || !known.Takes(SecretText.HashOf(secret), Time.GetUtcNow()))
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
        return (known.Caller, null);
    }

    /// <summary>The key's caller while it may be used; null once it is revoked or expired.</summary>
    public async ValueTask<Caller?> FindOpenAsync(Guid keyId) =>
        await FindAsync(keyId) is { Key: { RevokedAt: null } key } known && !(key.ExpiresAt <= Time.GetUtcNow()) ? known.Caller : null;

    protected override async Task<KnownKey?> ReadAsync(Guid id)
    {
        await using var command = source.CreateCommand(SelectSql);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync())
        {
            return null;
        }

        var key = ApiKey.Read(row);
        return new(
            key, row.GetFieldValue<byte[]>(ApiKey.ColumnCount), row.Optional<byte[]>(ApiKey.ColumnCount + 1), key.AsCaller());
    }
}

/// <summary>A key with what its secret is compared to.</summary>
internal sealed record KnownKey(ApiKey Key, byte[] Hash, byte[]? FormerHash, Caller Caller)
{
    public bool Takes(byte[] hash, DateTimeOffset now) => CryptographicOperations.FixedTimeEquals(hash, Hash)
        || (FormerHash is not null && Key.FormerKeyExpiresAt > now && CryptographicOperations.FixedTimeEquals(hash, FormerHash));
}
