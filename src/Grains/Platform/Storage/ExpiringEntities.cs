using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// Entities that expire one by one, each by a command of its own, as what is left of them is theirs to say; of each of our names after its
/// own time. What has expired is not found again, so that a second host finds nothing left.
/// </summary>
internal abstract class ExpiringEntities(NpgsqlDataSource source, TimeProvider time) : IExpiringRows
{
    private const int Batch = 100;

    /// <inheritdoc/>
    public abstract string Task { get; }

    /// <summary>For how long each name's are kept.</summary>
    protected abstract IEnumerable<RetentionSpan> Spans { get; }

    /// <summary>Selects the ids of those of a name ($1, null for none) from before a moment ($2), the oldest first, at most so many ($3).</summary>
    protected abstract string SelectOver { get; }

    /// <inheritdoc/>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var expired = 0L;
        foreach (var (entity, keep) in Spans)
        {
            for (var count = Batch; count == Batch; expired += count)
            {
                var over = await OverAsync(entity, time.GetUtcNow() - keep, ct);
                count = over.Count;
                foreach (var id in over)
                {
                    // Who has no time now has it in an hour.
                    if (await ExpireAsync(id, new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Actor.System), ct) is not null)
                    {
                        return expired;
                    }
                }
            }
        }

        return expired;
    }

    /// <summary>Has one expire; null when it has.</summary>
    protected abstract Task<Error?> ExpireAsync(Guid id, CommandContext context, CancellationToken ct);

    private async Task<List<Guid>> OverAsync(BusinessEntity? entity, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = source.CreateCommand(SelectOver);
        command.Parameters.Add(Sql.Word(entity));
        command.Parameters.Add(Sql.Time(before));
        command.Parameters.Add(Sql.Integer(Batch));
        await using var row = await command.ExecuteReaderAsync(ct);
        var over = new List<Guid>();
        while (await row.ReadAsync(ct))
        {
            over.Add(row.GetGuid(0));
        }

        return over;
    }
}
