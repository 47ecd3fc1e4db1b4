using System.Security.Cryptography;
using System.Text;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>
/// The tokens by which Aircall proves itself, kept as hashes. Every event asks for them, so each node remembers them all.
/// </summary>
internal sealed class AircallTokens : FreshLookup<IReadOnlyList<(AircallToken Token, byte[] Hash)>>
{
    public const string Table = "aircall_token";

    private const string HashColumn = "token_hash";
    private const string SelectSql = "SELECT id, name, business_entity, created_at, version, token_hash FROM aircall_token ORDER BY created_at, id";

    private const string InsertSql =
        "INSERT INTO aircall_token (id, name, business_entity, token_hash, created_at, version) VALUES ($1, $2, $3, $4, $5, 1)";

    private const string DeleteSql = "DELETE FROM aircall_token WHERE id = $1";

    private readonly NpgsqlDataSource _source;
    private readonly GroupCommit _commits;
    private readonly AccessNews _news;

    public AircallTokens(NpgsqlDataSource source, GroupCommit commits, AccessNews news, TimeProvider time)
        : base(time)
    {
        (_source, _commits, _news) = (source, commits, news);
        news.Forgotten += ForgetAll;
    }

    /// <summary>A second: no feed of changes tells of tokens, so a node that was not told of a change reads them again soon.</summary>
    protected override TimeSpan CountsFor => TimeSpan.FromSeconds(1);

    /// <summary>The token of this text; null where there is none. Takes as long for a near miss as for any other.</summary>
    public async ValueTask<AircallToken?> FindAsync(string text)
    {
        var asked = HashOf(text);
        AircallToken? found = null;
        foreach (var (token, hash) in (await FindAsync(Guid.Empty))!)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, asked) ? token : found;
        }

        return found;
    }

    public async Task<IReadOnlyList<AircallToken>> ListAsync() => [.. (await ReadAsync(Guid.Empty))!.Select(row => row.Token)];

    /// <summary>Keeps a token's hash. Null where it is kept, by this request or by the one that it repeats.</summary>
    public async Task<Error?> CreateAsync(Guid id, string name, BusinessEntity? entity, string text, CommandContext context)
    {
        var now = Time.StoredNow();
        var token = new AircallToken(id, name, entity, now, 1);
        var row = new NpgsqlBatchCommand(InsertSql)
        {
            Parameters = { Sql.Uuid(token.Id), Sql.Text(name), Sql.Word(entity), Sql.Bytes(HashOf(text)), Sql.Time(now) },
        };
        try
        {
            await CommitAsync(null, token, row, "Token made", context, now);
            return null;
        }
        catch (PostgresException violation) when (context.MayRepeat && violation.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // As it is now: this node may remember what was before.
            return (await ReadAsync(Guid.Empty))!.Any(row => row.Token.Id == id && CryptographicOperations.FixedTimeEquals(row.Hash, HashOf(text)))
                ? null
                : RepeatableSecrets.NotShown("its token", "make another one");
        }
    }

    /// <summary>Whether there was one; it proves nothing from here on.</summary>
    public async Task<bool> DeleteAsync(Guid id, CommandContext context) =>
        (await ListAsync()).FirstOrDefault(token => token.Id == id) is { } known
        && await CommitAsync(
            known, null, new NpgsqlBatchCommand(DeleteSql) { Parameters = { Sql.Uuid(id) } }, "Token withdrawn", context, Time.GetUtcNow());

    protected override async Task<IReadOnlyList<(AircallToken Token, byte[] Hash)>?> ReadAsync(Guid id)
    {
        await using var command = _source.CreateCommand(SelectSql);
        await using var row = await command.ExecuteReaderAsync();
        var tokens = new List<(AircallToken, byte[])>();
        while (await row.ReadAsync())
        {
            var entity = row.Optional<string>(2) is { } word ? WireText.Parse<BusinessEntity>(word) : (BusinessEntity?)null;
            tokens.Add((new(row.GetGuid(0), row.GetString(1), entity, row.GetFieldValue<DateTimeOffset>(3), row.GetInt64(4)), row.GetFieldValue<byte[]>(5)));
        }

        return tokens;
    }

    private async Task<bool> CommitAsync(
        AircallToken? before, AircallToken? after, NpgsqlBatchCommand row, string summary, CommandContext context, DateTimeOffset now)
    {
        var (id, audit) = ((after ?? before)!.Id, AuditEntry.Between(Table, before, after, statusChanged: false, summary, context, now, HashColumn));
        try
        {
            return await _commits.CommitAsync(new StatementCommit<bool>(
                id, context.CommandId, audit.Around(row, context), static async (reader, cancellation) => await reader.ReadAsync(cancellation)));
        }
        finally
        {
            // Even if no answer came: the change may be committed.
            await _news.TellAsync(AccessKind.TelephonyToken, id);
        }
    }

    // A fast hash is right: a token is random, so there is nothing to guess through, and every event pays for this hash.
    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
