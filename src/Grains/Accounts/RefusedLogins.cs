using ChargeCars.Entities;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Accounts;

/// <summary>What was refused and changed no row, on record all the same; the same work as for one that changes a row.</summary>
internal sealed class RefusedLogins(GroupCommit commits)
{
    public async Task RecordAsync(Guid accountId, string summary, CommandContext context, DateTimeOffset now)
    {
        var audit = new AuditEntry(
            AccountTable.TableName, accountId, "UPDATE", null, null, summary, AuditEntry.ContextOf(context, version: 0), now);
        await commits.CommitAsync(new Commit<bool>(
            accountId, context.CommandId, audit.Alone(context), static async (reader, cancellation) => await reader.ReadAsync(cancellation)));
    }
}
