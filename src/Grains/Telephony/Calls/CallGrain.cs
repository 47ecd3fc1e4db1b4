using System.Text.Json.Nodes;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Pops;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>One call. Its key follows from Aircall's id of it, so whichever event comes first makes it.</summary>
internal sealed class CallGrain(EntityStore<Call, CallKind> store, CallDirectory directory, CallCards cards, IOptions<AircallApiOptions> aircall, TimeProvider time)
    : EntityGrain<Call, CallKind>(store, time), IEntityGrain<Call>
{
    public Task<Result<Call>> GetAsync() => Task.FromResult(State is { } call ? call : (Result<Call>)Missing);

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult(State is null ? (Result<ActionOption[]>)Missing : Array.Empty<ActionOption>());

    public async Task<Result<Call>> ExecuteAsync(EntityCommand<Call> command, CommandContext context)
    {
        if (command is LinkCall link)
        {
            return (await HandleAsync(
                (state, _) => state is null ? Missing : Outcome.Of(state with { PhoneNumberId = link.PhoneNumberId }, "updated"), command, context)).Map(replay => replay.State!);
        }

        if (command is EraseCall or ForgetRecording or NoteCallText)
        {
            return (await HandleAsync((state, now) => state is null ? Missing : command switch
            {
                EraseCall => CallDecider.Erase(state, now),
                NoteCallText note => CallDecider.Note(state, note.Text),
                _ => CallDecider.Forget(state),
            }, command, context)).Map(replay => replay.State!);
        }

        if (command is not TakeCallEvent { Event: var said })
        {
            throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a call.");
        }

        if (CallMerge.IdOf(said.CallId) != Id)
        {
            return Invalid.Field("callId", $"must be that of the call {Id}");
        }

        CallLinks links;
        JsonObject? card = null;
        var (before, after, now) = (State, CallMerge.Apply(State, said), Time.GetUtcNow());
        var pop = PopRules.After(before, after, said, now);
        try
        {
            links = await directory.FindAsync(before, after);
            if (pop.Action == PopAction.Open)
            {
                card = await cards.OfAsync(after with { BusinessEntity = links.BusinessEntity }, now, withPlaces: false, CancellationToken.None);
            }
        }
        catch (NpgsqlException)
        {
            return new TryAgain("The database did not answer. Send the event again.");
        }

        return (await HandleAsync((state, at) => CallDecider.Take(state, said, links, pop, card, at, aircall.Value.ShowsCards), command, context)).Map(replay => replay.State!);
    }
}
