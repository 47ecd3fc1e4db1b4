using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// A change of one row that belongs to an entity and is not held in its state, as there are too many: a message of a thread. It is
/// written and audited with the entity, under its version.
/// </summary>
public abstract class PartChange
{
    internal abstract (RowWrite Row, AuditRow Audit) Write(long version, string? summary, CommandContext context, DateTimeOffset now);

    /// <summary>What it changes of what the row is found by; null where nothing.</summary>
    internal abstract SearchRow? Find(long version, CommandContext context);
}

/// <inheritdoc/>
/// <typeparam name="TPart">The row's record.</typeparam>
/// <param name="rows">The record and its table.</param>
/// <param name="before">As it was; null where it is made.</param>
/// <param name="after">As it is; null where it is deleted.</param>
/// <param name="findable">By what it is found; null where it is not searched for.</param>
public sealed class PartChange<TPart>(
    RowMapping<TPart> rows, TPart? before, TPart? after, Func<TPart, SearchText>? findable = null) : PartChange where TPart : class, IEntityState, new()
{
    /// <summary>The row as it is; null where it is deleted.</summary>
    internal TPart? After => after;

    internal override SearchRow? Find(long version, CommandContext context) =>
        findable is null ? null : SearchRow.Between(findable, rows.Table, before, after, (after ?? before)!.Id, version, context.CommandId);

    internal override (RowWrite Row, AuditRow Audit) Write(long version, string? summary, CommandContext context, DateTimeOffset now)
    {
        var (id, stamped) = ((after ?? before)!.Id, after is null ? null : rows.Stamped(after, version, now));
        var operation = (before, after) switch
        {
            (null, _) => RowOperation.Insert,
            (_, null) => RowOperation.Delete,
            _ => RowOperation.Update,
        };
        return (
            new(rows, operation, context.CommandId, stamped ?? before!, 0),
            new(
                NameBasedId.Of($"{context.CommandId}/{rows.Table}/{id}"),
                AuditEntry.Between(rows, id, before, stamped, version, statusChanged: false, summary, context, now), context));
    }
}
