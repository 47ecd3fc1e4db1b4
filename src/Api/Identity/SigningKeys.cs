using System.Security.Cryptography;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>
/// The keys of <c>signing_key</c> by which tokens are signed, encrypted in their rows; the row's id is the token's
/// <c>kid</c>. A key is followed by a new one after a month; both are taken until every token of the former has expired.
/// </summary>
public sealed class SigningKeys(NpgsqlDataSource source, SecretBox secrets, TimeProvider time)
{
    /// <summary>How old the newest key gets before the next is made.</summary>
    internal static readonly TimeSpan RotateAfter = TimeSpan.FromDays(30);

    /// <summary>How old a key is before it signs: every host has read it by then.</summary>
    internal static readonly TimeSpan SignAfter = TimeSpan.FromMinutes(15);

    /// <summary>How long a key is taken after its successor signs: longer than any token lives.</summary>
    internal static readonly TimeSpan KeepAfter = TimeSpan.FromHours(1);

    private const string Table = "signing_key";
    private const int SecretBytes = 64;
    private const string LockSql = "SELECT pg_advisory_xact_lock(7214002)";
    private const string SelectSql = "SELECT id, secret, created_at FROM signing_key WHERE retired_at IS NULL ORDER BY created_at DESC, id DESC";
    private const string InsertSql = "INSERT INTO signing_key (id, secret, created_at) VALUES ($1, $2, $3)";

    // Its secret goes with it: what nobody needs nobody can leak.
    private const string RetireSql = "UPDATE signing_key SET retired_at = $2, secret = '' WHERE id = $1 AND retired_at IS NULL";

    private List<SigningKey> _keys = [];

    /// <summary>
    /// Reads the keys, makes the first or next one where it is time, and retires the superseded; of hosts that do it
    /// together one writes.
    /// </summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = new NpgsqlCommand(LockSql, connection, transaction))
        {
            await locking.ExecuteNonQueryAsync(cancellation);
        }

        var (keys, now) = (await ReadAsync(connection, cancellation), time.GetUtcNow());
        if (keys.Count == 0 || now - keys[0].CreatedAt >= RotateAfter)
        {
            keys.Insert(0, await AddAsync(connection, now, cancellation));
        }

        for (var i = keys.Count - 1; i > 0; i--)
        {
            if (now - keys[i - 1].CreatedAt >= SignAfter + KeepAfter)
            {
                await RetireAsync(connection, keys[i], now, cancellation);
                keys.RemoveAt(i);
            }
        }

        await transaction.CommitAsync(cancellation);
        _keys = keys;
    }

    /// <summary>The key that signs.</summary>
    internal SecurityKey Current
    {
        get
        {
            var (keys, now) = (_keys, time.GetUtcNow());
            return keys.Count == 0
                ? throw new InvalidOperationException($"{nameof(EnsureAsync)} has not run: the host calls it before it serves.")
                : (keys.FirstOrDefault(key => now - key.CreatedAt >= SignAfter) ?? keys[^1]).Key;
        }
    }

    /// <summary>The key that a token names; nothing for a token that names none of ours.</summary>
    internal IEnumerable<SecurityKey> Named(string? kid) => _keys.Where(key => key.Key.KeyId == kid).Select(key => key.Key);

    private async Task<SigningKey> AddAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        var (id, secret) = (Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(SecretBytes));
        var row = new NpgsqlBatchCommand(InsertSql)
        {
            Parameters = { Sql.Uuid(id), Sql.Bytes(secrets.Seal(Table, "secret", id, secret)), Sql.Time(now) },
        };
        await WriteAsync(
            connection, row, id, "CREATE", null, new { id, secret = AuditEntry.Redacted, createdAt = now }, "A key to sign tokens", now, cancellation);
        return new(KeyOf(id, secret), now);
    }

    private static Task RetireAsync(NpgsqlConnection connection, SigningKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = Guid.Parse(key.Key.KeyId);
        var row = new NpgsqlBatchCommand(RetireSql) { Parameters = { Sql.Uuid(id), Sql.Time(now) } };
        return WriteAsync(
            connection, row, id, "UPDATE", new { retiredAt = (DateTimeOffset?)null, secret = AuditEntry.Redacted }, new { retiredAt = now, secret = "" },
            "Superseded", now, cancellation);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand row, Guid id, string action, object? old, object values, string summary, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var context = new CommandContext(Guid.CreateVersion7(now), Actor.System);
        var audit = new AuditEntry(
            Table, id, action, old is null ? null : RowJson.ForRow(old).Text, RowJson.ForRow(values).Text, summary,
            AuditEntry.ContextOf(context, version: 1), now);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { audit.Around(row, context) } };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<List<SigningKey>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(SelectSql, connection);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var keys = new List<SigningKey>();
        while (await row.ReadAsync(cancellation))
        {
            var id = row.GetGuid(0);
            keys.Add(new(KeyOf(id, Open(id, row.GetFieldValue<byte[]>(1))), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return keys;
    }

    private byte[] Open(Guid id, byte[] kept)
    {
        try
        {
            return secrets.Open(Table, "secret", id, kept);
        }
        catch (CryptographicException fault)
        {
            // Whoever can write rows must not choose by which key tokens are taken, so nothing is made good here.
            throw new StartupException(
                $"The key {id} in {Table} does not open: its row was tampered with, or restored without its key ring. Find out who wrote it, "
                + "then delete the row: a new key is made, and everybody refreshes or logs in again.", fault);
        }
    }

    private static SymmetricSecurityKey KeyOf(Guid id, byte[] secret) => new(secret) { KeyId = id.ToString() };

    private sealed record SigningKey(SymmetricSecurityKey Key, DateTimeOffset CreatedAt);
}
