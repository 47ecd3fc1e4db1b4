using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>A key as it is listed, with the use that is noted beside it.</summary>
internal sealed record ListedKey(ApiKey Key, DateTimeOffset? LastUsedAt);

/// <summary>Makes, lists and revokes keys, within what the caller may see.</summary>
internal sealed class ApiKeyStore(NpgsqlDataSource source, GroupCommit commits, AccessNews news, RepeatableSecrets secrets, TimeProvider time)
{
    // One predicate for list, read and revoke: a caller limited to some business entities or a partner sees only keys
    // that are limited at least as much. A key of all entities or vehicles has NULL, which <@ does not contain.
    private const string Visible = """
        ($1::text[] IS NULL OR business_entities <@ $1) AND ($2::uuid IS NULL OR partner_organization_id = $2)
        AND ($3::uuid[] IS NULL OR vehicle_ids <@ $3)
        """;

    private const string UnknownSql = "SELECT id FROM unnest($1) AS named (id) WHERE NOT EXISTS (SELECT 1 FROM vehicle v WHERE v.id = named.id) LIMIT 1";

    private const string PageSql = $"""
        SELECT {ApiKey.Columns}, last_used_at FROM api_key
        WHERE {Visible} AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
        """;

    private const string SelectSql = $"SELECT {ApiKey.Columns}, last_used_at FROM api_key WHERE {Visible} AND id = $4";

    /// <summary>The key and its text; <see cref="Invalid"/> where the partner does not exist. A repetition gets the key that was made.</summary>
    public async Task<Result<(ApiKey Key, string Text)>> CreateAsync(ApiKey key, CommandContext context, string? repetition)
    {
        if (key.VehicleIds is { } named && await UnknownAsync(named) is { } unknown)
        {
            return Invalid.Field("vehicleIds", $"there is no vehicle {unknown}");
        }

        var (text, hash) = Secret(key.Id, repetition);
        try
        {
            await CommitAsync(null, key, key.Insert(hash), "api_key.created", "Key made", context, "key_hash");
        }
        catch (PostgresException violation) when (
            violation is { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "api_key_partner_organization_id_fkey" })
        {
            return Invalid.Field("partnerOrganizationId", "is not an organization");
        }
        catch (PostgresException violation) when (repetition is not null && violation.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await AgainAsync(key.Id, text, hash);
        }

        await news.TellAsync(AccessKind.ApiKey, key.Id);
        return (key, text);
    }

    /// <summary>Null where there is none that the caller may see. Effective on every node when it returns.</summary>
    public async Task<ApiKey?> RevokeAsync(Guid id, CommandContext context, Caller caller, CancellationToken cancellation)
    {
        // Another revocation at the same moment moves the version; the key is revoked then, and the second look says so.
        while (await FindAsync(id, caller, cancellation) is { Key: var key })
        {
            var now = time.StoredNow();
            var revoked = (key with { RevokedAt = now }).Stamped(key.Version + 1, now);
            if (key.RevokedAt is not null || await CommitAsync(key, revoked, key.Revoke(now), "api_key.revoked", "Key revoked", context))
            {
                await news.TellAsync(AccessKind.ApiKey, id);
                return key;
            }
        }

        return null;
    }

    /// <summary>The key's new text; the former one counts on for a while. A repetition gets the same text.</summary>
    public async Task<Result<(ApiKey Key, string Text)>> RotateAsync(
        Guid id, TimeSpan overlap, CommandContext context, string? repetition, Caller caller, CancellationToken cancellation)
    {
        var (text, hash) = Secret(id, repetition);
        while (await FindAsync(id, caller, cancellation) is { Key: var key })
        {
            if (key.RevokedAt is not null)
            {
                return new Conflict("key_revoked", "The key was revoked: make a new one.");
            }

            if (!context.Expects(key.Version))
            {
                var again = repetition is null ? null : await AgainAsync(id, text, hash);
                return again is { Succeeded: true } ? again : new StaleVersion(context.ExpectedVersion!.Value, key.Version);
            }

            var now = time.StoredNow();
            var rotated = (key with { FormerKeyExpiresAt = now + overlap }).Stamped(key.Version + 1, now);
            try
            {
                if (await CommitAsync(key, rotated, key.Rotate(hash, now + overlap, now), "api_key.rotated", "Key rotated", context, "key_hash", "former_key_hash"))
                {
                    await news.TellAsync(AccessKind.ApiKey, id);
                    return (rotated, text);
                }
            }
            catch (PostgresException violation) when (repetition is not null && violation.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return await AgainAsync(id, text, hash);
            }
        }

        return new NotFound(ApiKey.Table, id.ToString());
    }

    public async Task<ListedKey?> FindAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectSql);
        AddScope(command.Parameters, caller);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    /// <summary>Newest first: ids are made in the order of time.</summary>
    public async Task<List<ListedKey>> PageAsync(Caller caller, Guid? after, int count, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(PageSql);
        AddScope(command.Parameters, caller);
        command.Parameters.Add(Sql.Uuid(after));
        command.Parameters.Add(Sql.Integer(count));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var page = new List<ListedKey>(count);
        while (await row.ReadAsync(cancellation))
        {
            page.Add(Read(row));
        }

        return page;
    }

    private Task<bool> CommitAsync(ApiKey? before, ApiKey after, NpgsqlBatchCommand row, string change, string summary, CommandContext context, params ReadOnlySpan<string> secrets)
    {
        var audit = AuditEntry.Between(ApiKey.Table, before, after, statusChanged: false, summary, context, after.UpdatedAt, secrets);
        return commits.CommitAsync(new StatementCommit<bool>(
            after.Id, context.CommandId, audit.Around(row, context), static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes =
            [
                new(change, ApiKey.Table, after.UpdatedAt, RowJson.ForClient(context.Actor), RowJson.ForClient(new { after.Name }))
                {
                    Scope = new(null, after.PartnerOrganizationId, null, null),
                },
            ],
        });
    }

    /// <summary>What a repeated request got the first time, as long as the key still has that secret and answers are repeated.</summary>
    private async Task<Result<(ApiKey Key, string Text)>> AgainAsync(Guid id, string text, byte[] hash)
    {
        const string Select = $"SELECT {ApiKey.Columns} FROM api_key WHERE id = $1 AND key_hash = $2 AND revoked_at IS NULL AND updated_at > $3";
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Bytes(hash));
        command.Parameters.Add(Sql.Time(time.GetUtcNow() - IdempotencyRetention.Retention));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync()
            ? (ApiKey.Read(row), text)
            : RepeatableSecrets.NotShown($"the secret of the key {id}", "rotate the key for a new one");
    }

    private (string Text, byte[] Hash) Secret(Guid id, string? repetition)
    {
        var secret = secrets.Make(ApiKey.Table, id, repetition);
        return (SecretText.ApiKey.Write(id, secret), SecretText.HashOf(secret));
    }

    private async Task<Guid?> UnknownAsync(IReadOnlyList<Guid> vehicles)
    {
        await using var command = source.CreateCommand(UnknownSql);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, vehicles.ToArray()));
        return (Guid?)await command.ExecuteScalarAsync();
    }

    private static ListedKey Read(NpgsqlDataReader row) =>
        new(ApiKey.Read(row), row.OptionalValue<DateTimeOffset>(ApiKey.ColumnCount));

    private static void AddScope(NpgsqlParameterCollection parameters, Caller caller)
    {
        parameters.Add(Sql.Array(NpgsqlDbType.Text, caller.BusinessEntities?.Select(WireText.Of).ToArray()));
        parameters.Add(Sql.Uuid(caller.PartnerOrganizationId));
        parameters.Add(Sql.Array(NpgsqlDbType.Uuid, caller.Vehicles?.ToArray()));
    }
}
