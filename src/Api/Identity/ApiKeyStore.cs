using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Accounts;
using ChargeCars.Identity.Keys;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>A key as it is listed, with the use that is noted beside it.</summary>
internal sealed record ListedKey(ApiKey Key, DateTimeOffset? LastUsedAt);

/// <summary>Keys within what the caller may see, and the way to their grains.</summary>
internal sealed class ApiKeyStore(NpgsqlDataSource source, IGrainFactory grains, AccessNews news, RepeatableSecrets secrets, TimeProvider time)
{
    // One predicate for list, read and revoke: a caller limited to some business entities or a partner sees only keys
    // that are limited at least as much. A key of all entities or vehicles has NULL, which <@ does not contain.
    private const string Visible = """
        ($1::text[] IS NULL OR business_entities <@ $1) AND ($2::uuid IS NULL OR partner_organization_id = $2)
        AND ($3::uuid[] IS NULL OR vehicle_ids <@ $3)
        """;

    private const string UnknownSql = "SELECT id FROM unnest($1) AS named (id) WHERE NOT EXISTS (SELECT 1 FROM vehicle v WHERE v.id = named.id) LIMIT 1";

    private static readonly string PageSql = $"""
        SELECT {ApiKeyTable.Rows.ColumnList}, last_used_at FROM api_key
        WHERE {Visible} AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
        """;

    private static readonly string SelectSql = $"SELECT {ApiKeyTable.Rows.ColumnList}, last_used_at FROM api_key WHERE {Visible} AND id = $4";

    /// <summary>The key and its text; <see cref="Invalid"/> where the partner or a vehicle does not exist. A repetition gets the key that was made.</summary>
    public async Task<Result<(ApiKey Key, string Text)>> CreateAsync(Guid id, ApiKey key, CommandContext context, string? repetition)
    {
        if (key.VehicleIds is { } named && await UnknownAsync(named) is { } unknown)
        {
            return Invalid.Field("vehicleIds", $"there is no vehicle {unknown}");
        }

        var (text, hash) = Secret(id, repetition);
        return Shown(id, text, hash, await ExecuteAsync(id, new MakeApiKey(key with { KeyHash = hash }), context));
    }

    /// <summary>False where there is none that the caller may see. Effective on every node when it returns.</summary>
    public async Task<bool> RevokeAsync(Guid id, CommandContext context, Caller caller, CancellationToken cancellation) =>
        await FindAsync(id, caller, cancellation) is not null && (await ExecuteAsync(id, new RevokeApiKey(), context)).Succeeded;

    /// <summary>The key's new text; the former one counts on for a while. A repetition gets the same text.</summary>
    public async Task<Result<(ApiKey Key, string Text)>> RotateAsync(
        Guid id, TimeSpan overlap, CommandContext context, string? repetition, Caller caller, CancellationToken cancellation)
    {
        if (await FindAsync(id, caller, cancellation) is null)
        {
            return new NotFound(ApiKeyTable.TableName, id.ToString());
        }

        var (text, hash) = Secret(id, repetition);
        return Shown(id, text, hash, await ExecuteAsync(id, new RotateApiKey(hash, overlap), context));
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

    private async Task<Result<ApiKey>> ExecuteAsync(Guid id, EntityCommand<ApiKey> command, CommandContext context)
    {
        var outcome = await grains.GetGrain<IEntityGrain<ApiKey>>(id).ExecuteAsync(command, context);
        if (outcome.Succeeded)
        {
            await news.TellAsync(AccessKind.ApiKey, id);
        }

        return outcome;
    }

    // A repetition sees the secret again as long as the key still has it and answers are repeated.
    private Result<(ApiKey Key, string Text)> Shown(Guid id, string text, byte[] hash, Result<ApiKey> outcome) =>
        !outcome.Succeeded ? outcome.Error
        : outcome.Value is { RevokedAt: null } key && key.KeyHash.AsSpan().SequenceEqual(hash) && key.UpdatedAt > time.GetUtcNow() - IdempotencyRetention.Retention
            ? (key, text)
            : RepeatableSecrets.NotShown($"the secret of the key {id}", "rotate the key for a new one");

    private (string Text, byte[] Hash) Secret(Guid id, string? repetition)
    {
        var secret = secrets.Make(ApiKeyTable.TableName, id, repetition);
        return (SecretText.ApiKey.Write(id, secret), SecretText.HashOf(secret));
    }

    private async Task<Guid?> UnknownAsync(IReadOnlyList<Guid> vehicles)
    {
        await using var command = source.CreateCommand(UnknownSql);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, vehicles.ToArray()));
        return (Guid?)await command.ExecuteScalarAsync();
    }

    private static ListedKey Read(NpgsqlDataReader row) =>
        new(ApiKeyTable.Rows.Read(row), row.OptionalValue<DateTimeOffset>(ApiKeyTable.Rows.Columns.Count));

    private static void AddScope(NpgsqlParameterCollection parameters, Caller caller)
    {
        parameters.Add(Sql.Array(NpgsqlDbType.Text, caller.BusinessEntities?.Select(WireText.Of).ToArray()));
        parameters.Add(Sql.Uuid(caller.PartnerOrganizationId));
        parameters.Add(Sql.Array(NpgsqlDbType.Uuid, caller.Vehicles?.ToArray()));
    }
}
