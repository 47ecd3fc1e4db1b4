using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>What was refused and changed no row, on record all the same: guesses, and attempts to get more than one has.</summary>
internal sealed class Refusals(GroupCommit commits)
{
    /// <param name="table">The table of what it was about.</param>
    /// <param name="recordId">What it was about, whether or not there is such a row.</param>
    /// <param name="summary">What was refused and why; no secret.</param>
    /// <param name="context">Who asked, and from where; its id becomes the row's.</param>
    /// <param name="now">When.</param>
    public async Task RecordAsync(string table, Guid recordId, string summary, CommandContext context, DateTimeOffset now)
    {
        var audit = new AuditEntry(table, recordId, "UPDATE", null, null, summary, AuditEntry.ContextOf(context, version: 0), now);
        await commits.CommitAsync(new StatementCommit<bool>(
            recordId, context.CommandId, audit.Alone(context), static async (reader, cancellation) => await reader.ReadAsync(cancellation)));
    }
}
