using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>What was said, to be heard.</summary>
/// <param name="Address">Where; it dies within minutes to hours.</param>
/// <param name="IsFresh">Whether it was made just now; else it came with the call, and may be dead.</param>
public sealed record CallSound(string Address, bool IsFresh);

/// <summary>Hands out the address of what was said in a call, and puts on record who asked for it.</summary>
internal sealed class CallListening(AircallApi aircall, GroupCommit commits, TimeProvider time)
{
    /// <summary>The address; a fresh one where Aircall's API is configured.</summary>
    /// <param name="call">The call, which the caller may see.</param>
    /// <param name="what"><c>recording</c> or <c>voicemail</c>.</param>
    /// <param name="context">Who listens.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<CallSound>> OpenAsync(Call call, string what, CommandContext context, CancellationToken cancellation)
    {
        var none = new NotFound(what, call.Id.ToString());
        // Without one of ours there is none to ask for: it was erased, or its time is over.
        if (Of(call.RecordingUrl, call.VoicemailUrl, what) is not { } kept)
        {
            return none;
        }

        // First, so that nothing is heard that is not on record.
        var audit = new AuditEntry(
            CallKind.Rows.Table, call.Id, "UPDATE", null, null, $"Listened to the {what}", AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        await commits.CommitAsync(new StatementCommit<bool>(
            call.Id, context.CommandId, audit.Alone(context), static async (row, reading) => await row.ReadAsync(reading)));
        if (!aircall.IsEnabled)
        {
            return new CallSound(kept, IsFresh: false);
        }

        var found = await aircall.FindAsync(call.CallId, cancellation);
        return found.Succeeded ? Of(found.Value.RecordingUrl, found.Value.VoicemailUrl, what) is { } fresh ? new CallSound(fresh, IsFresh: true) : none
            : found.Error is NotFound ? none
            : found.Error;
    }

    private static string? Of(string? recording, string? voicemail, string what) => what == "voicemail" ? voicemail : recording;
}
