using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Api.Telephony.Calls;

/// <summary>What was said, to be heard.</summary>
/// <param name="Address">Where; it dies within minutes to hours.</param>
/// <param name="IsFresh">Whether it was made just now; else it came with the call, and may be dead.</param>
public sealed record CallSound(string Address, bool IsFresh);

/// <summary>What was said, to be read: what the telephony system wrote of it. What it did not write is null.</summary>
/// <param name="Summary">In a few sentences.</param>
/// <param name="Topics">What it was about.</param>
/// <param name="Sentiments">The customer's mood: <c>positive</c>, <c>neutral</c> or <c>negative</c>.</param>
/// <param name="Language">The language of <paramref name="Utterances"/>, such as <c>nl</c>.</param>
/// <param name="Utterances">Word by word, in order.</param>
public sealed record CallTextView(
    string? Summary, IReadOnlyList<string>? Topics, IReadOnlyList<string>? Sentiments, string? Language, IReadOnlyList<CallUtteranceView>? Utterances);

/// <summary>What somebody said in one go.</summary>
/// <param name="AtSeconds">Seconds after the recording began.</param>
/// <param name="IsCustomer">Whether it was the other party, not an agent.</param>
/// <param name="Agent">The agent's name, as far as it is known.</param>
/// <param name="Text">What they said.</param>
public sealed record CallUtteranceView(int? AtSeconds, bool IsCustomer, string? Agent, string Text);

/// <summary>Hands out what was said in a call, to be heard or read, and puts on record who asked for it.</summary>
internal sealed class CallListening(AircallApi aircall, CallTexts texts, GroupCommit commits, TimeProvider time)
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
        await RecordAsync(call, $"Listened to the {what}", context);
        if (!aircall.IsEnabled)
        {
            return new CallSound(kept, IsFresh: false);
        }

        var found = await aircall.FindAsync(call.CallId, cancellation);
        return found.Succeeded ? Of(found.Value.RecordingUrl, found.Value.VoicemailUrl, what) is { } fresh ? new CallSound(fresh, IsFresh: true) : none
            : found.Error is NotFound ? none
            : found.Error;
    }

    /// <summary>The texts of what was said.</summary>
    /// <param name="call">The call, which the caller may see.</param>
    /// <param name="context">Who reads.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<CallTextView>> ReadAsync(Call call, CommandContext context, CancellationToken cancellation)
    {
        if (call.Texts.Count == 0 || await texts.ReadAsync(call.Id, cancellation) is not { } text)
        {
            return new NotFound("text", call.Id.ToString());
        }

        await RecordAsync(call, "Read what was said", context);
        return new CallTextView(text.Summary, text.Topics, text.Sentiments, text.Language, text.Utterances is null ? null :
        [
            .. text.Utterances.Select(said => new CallUtteranceView(
                said.AtSeconds, said.IsCustomer, call.Legs.FirstOrDefault(leg => leg.Agent.Id == said.AgentId)?.Agent.Name, said.Text)),
        ]);
    }

    private Task<bool> RecordAsync(Call call, string what, CommandContext context)
    {
        var audit = new AuditEntry(CallKind.Rows.Table, call.Id, "UPDATE", null, null, what, AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        return commits.CommitAsync(new StatementCommit<bool>(
            call.Id, context.CommandId, audit.Alone(context), static async (row, reading) => await row.ReadAsync(reading)));
    }

    private static string? Of(string? recording, string? voicemail, string what) => what == "voicemail" ? voicemail : recording;
}
