using System.Security.Cryptography;
using ChargeCars.Storage;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>The keys of <c>signing_key</c> by which access tokens are signed; the row's id is the token's <c>kid</c>.</summary>
public sealed class SigningKeys(NpgsqlDataSource source, TimeProvider time)
{
    private const int SecretBytes = 64;
    private const string LockSql = "SELECT pg_advisory_xact_lock(7214002)";
    private const string SelectSql = "SELECT id, secret FROM signing_key WHERE retired_at IS NULL ORDER BY created_at DESC, id DESC";
    private const string InsertSql = "INSERT INTO signing_key (id, secret, created_at) VALUES ($1, $2, $3)";

    private List<SymmetricSecurityKey> _keys = [];

    /// <summary>Reads the keys, and makes the first one; of hosts that start together one makes it and all use it.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = new NpgsqlCommand(LockSql, connection, transaction))
        {
            await locking.ExecuteNonQueryAsync(cancellation);
        }

        var keys = await ReadAsync(connection, cancellation);
        if (keys.Count == 0)
        {
            var now = time.GetUtcNow();
            var (id, secret) = (Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(SecretBytes));
            await using var insert = new NpgsqlCommand(InsertSql, connection, transaction)
            {
                Parameters = { Sql.Uuid(id), Sql.Bytes(secret), Sql.Time(now) },
            };
            await insert.ExecuteNonQueryAsync(cancellation);
            keys.Add(KeyOf(id, secret));
        }

        await transaction.CommitAsync(cancellation);
        _keys = keys;
    }

    /// <summary>The newest key, which signs.</summary>
    internal SecurityKey Current => _keys.Count > 0
        ? _keys[0]
        : throw new InvalidOperationException($"{nameof(EnsureAsync)} has not run: the host calls it before it serves.");

    /// <summary>The key that a token names; nothing for a token that names none of ours.</summary>
    internal IEnumerable<SecurityKey> Named(string? kid) => _keys.Where(key => key.KeyId == kid);

    private static async Task<List<SymmetricSecurityKey>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(SelectSql, connection);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var keys = new List<SymmetricSecurityKey>();
        while (await row.ReadAsync(cancellation))
        {
            keys.Add(KeyOf(row.GetGuid(0), row.GetFieldValue<byte[]>(1)));
        }

        return keys;
    }

    private static SymmetricSecurityKey KeyOf(Guid id, byte[] secret) => new(secret) { KeyId = id.ToString() };
}
