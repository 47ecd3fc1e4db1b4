using System.Globalization;
using System.Text.Json.Nodes;
using ChargeCars.Platform;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;

namespace ChargeCars.Telephony.Pops;

/// <summary>Shows on agents' own phones who calls. Stored until it is done.</summary>
/// <param name="CallRow">The row of the call.</param>
[Alias("call.show-insight-card")]
internal sealed record ShowInsightCard(Guid CallRow);

/// <summary>
/// Shows the card of a ringing call on the phones that it rings at, in a few lines, in Dutch as all who answer here speak it. It is made when it is
/// sent, so that nothing of whom it names is kept; a call that rings no more gets none.
/// </summary>
internal sealed class InsightCards(AircallApi aircall, CallCards cards, IGrainFactory grains, TimeProvider time) : IDueCommandHandler<ShowInsightCard>
{
    private const int MostNamed = 3;

    public async Task<Error?> CarryOutAsync(Guid targetId, ShowInsightCard command, CommandContext context, CancellationToken cancellation)
    {
        if (!aircall.IsEnabled || (await grains.GetGrain<IEntityGrain<Call>>(command.CallRow).GetAsync()).Value is not { } call
            || await cards.OfAsync(call, time.GetUtcNow(), withPlaces: false, cancellation) is not { } card || Lines(card) is not { Count: > 0 } lines)
        {
            return null;
        }

        // Nobody needs it once the call is over, and Aircall takes none then.
        return await aircall.ShowAsync(call.CallId, lines, cancellation) is TryAgain again ? again : null;
    }

    /// <summary>What it says; nothing of a caller whom nobody knows.</summary>
    /// <param name="card">As the screens show it.</param>
    internal static IReadOnlyList<InsightLine> Lines(JsonObject card)
    {
        if ((string?)card["internalName"] is { } colleague)
        {
            return [new("title", colleague, "Collega")];
        }

        var candidates = card["candidates"]!.AsArray();
        if (candidates.Count == 0)
        {
            return [];
        }

        var (likeliest, names) = (candidates[0]!.AsObject(), candidates.Take(MostNamed).Select(one => (string?)one!["name"]).Where(name => name is not null));
        return
        [
            new("title", string.Join(" of ", names), "Beller"),
            .. likeliest["visitToday"] is JsonObject visit ? [Visit(visit)] : Array.Empty<InsightLine>(),
            .. likeliest["openOrders"] is JsonArray { Count: > 0 } orders
                ? [new("shortText", string.Join(", ", orders.Take(MostNamed).Select(order => (string?)order!["orderNumber"])), "Open opdrachten")]
                : Array.Empty<InsightLine>(),
            .. likeliest["openThreads"] is JsonArray { Count: > 0 } threads
                ? [new("shortText", threads.Count == 1 ? "1 open gesprek" : $"{threads.Count} open gesprekken", "Berichten")]
                : Array.Empty<InsightLine>(),
        ];
    }

    private static InsightLine Visit(JsonObject visit)
    {
        var arrival = visit["expectedArrival"] as JsonObject;
        var (from, until) = arrival is null ? (Clock(visit["scheduledStart"]), Clock(visit["scheduledEnd"])) : (Clock(arrival["earliest"]), Clock(arrival["latest"]));
        var van = (string?)visit["licensePlate"] is { } plate ? $" met {plate}" : "";
        return new("shortText", $"{(string?)visit["number"]}, {(arrival is null ? "gepland" : "verwacht")} {from}–{until}{van}", "Bezoek vandaag");
    }

    private static string Clock(JsonNode? utc) =>
        DateTimeOffset.TryParse((string?)utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? WallClock.Of(at).ToString("HH:mm", CultureInfo.InvariantCulture) : "?";
}
