using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Relations.BusinessEntities;

namespace ChargeCars.Conversations.Tracking;

/// <summary>Sends what a link's customer is to be told. Stored until it is done.</summary>
/// <param name="LinkId">The link.</param>
/// <param name="Number">Which of its notices, from 1.</param>
[Alias("tracking.send-notice")]
internal sealed record SendNotice(Guid LinkId, int Number);

/// <summary>
/// Tells customers that a van is on its way to them. Whether it is still so is looked at again before each step: nobody is told of a visit
/// that was cancelled in the meantime. Ids follow from the visit, so that a step that is done again after a crash has one effect.
/// </summary>
internal sealed class OnTheWay(NoticeReader reader, TrackingLinks links, ArrivalBoard arrivals, TemplateRenderer renderer, IGrainFactory grains)
    : IDueCommandHandler<TellOnTheWay>, IDueCommandHandler<SendNotice>
{
    private const int MostThreads = 8;

    public async Task<Error?> CarryOutAsync(Guid targetId, TellOnTheWay command, CommandContext context, CancellationToken cancellation)
    {
        if (await reader.SettingsAsync(command.VisitId, cancellation) is not { IsOn: true } || await UnderwayAsync(command.VisitId) is not { } visit)
        {
            return null;
        }

        if (await reader.WayAsync(visit, cancellation) is not { } way)
        {
            return NoWay(visit);
        }

        if (way.OptedOut)
        {
            return null;
        }

        var told = await arrivals.AnewAsync(visit.Id, cancellation) is { } forecast
            ? ToldArrival.Of(forecast.Arrival.Earliest, forecast.Arrival.Expected, forecast.Arrival.Latest)
            : null;
        var opened = await links.OpenAsync(visit, Own(context, "open"));
        return opened.Error ?? (await grains.GetGrain<IEntityGrain<TrackingLink>>(opened.Value!.Id).ExecuteAsync(
            new TellDeparture(told?.From, told?.Until), Own(context, "tell"))).Error;
    }

    public async Task<Error?> CarryOutAsync(Guid targetId, SendNotice command, CommandContext context, CancellationToken cancellation)
    {
        // Where a newer one follows, that one says it.
        if ((await grains.GetGrain<IEntityGrain<TrackingLink>>(command.LinkId).GetAsync()).Value is not { } link || link.Notices != command.Number
            || await UnderwayAsync(link.VisitId) is not { } visit || await reader.SettingsAsync(visit.Id, cancellation) is not { IsOn: true } settings)
        {
            return null;
        }

        return await reader.WayAsync(visit, cancellation) is { } way ? await SendAsync(link, visit, way, settings, context, cancellation) : NoWay(visit);
    }

    private async Task<Error?> SendAsync(
        TrackingLink link, Visit visit, NoticeWay way, OnTheWaySettings settings, CommandContext context, CancellationToken cancellation)
    {
        var purpose = link.Notices == 1 ? TemplatePurpose.OnMyWay : TemplatePurpose.ArrivalMoved;
        if (await reader.TemplateAsync(visit.BusinessEntity, way.Channel, settings.Language, purpose, cancellation) is not { } template)
        {
            var what = $"{WireText.Of(purpose)} by {WireText.Of(way.Channel)} in {WireText.Of(settings.Language)}";
            return new Conflict("no_template", $"{WireText.Of(visit.BusinessEntity)} has no template in use for {what}: the customer was not told.");
        }

        var about = new TemplateSubject(visit.BusinessEntity, visit.OrderId, visit.Id, way.ContactId)
        {
            Arrival = link is { ToldFrom: { } from, ToldUntil: { } until } ? new(from, until) : null, Link = links.Address,
        };
        var rendered = await TemplateRenderer.RenderAsync(template, await renderer.ValuesAsync(about, settings.Language, cancellation));
        if (rendered.Refusal(template.Name) is { } refusal)
        {
            return refusal;
        }

        var thread = await ThreadAsync(visit, way, rendered.Subject, context);
        if (!thread.Succeeded)
        {
            return thread.Error;
        }

        var write = new WriteMessage(
            NameBasedId.Of($"{link.Id}/notice/{link.Notices}"), new() { BodyText = rendered.Body, Subject = rendered.Subject, RecipientEmails = [way.Address] },
            IsNote: false, new MessageDispatch(Anyway: true), By: null, AuthorId: null, way.Account.Name, IsAutomatic: true,
            TrackingLinks.Note(template.Id, TemplateRenderer.ShowsLink(template) ? link.Id : null, ProviderTemplate.Of(template, rendered)));
        var written = await grains.GetGrain<IEntityGrain<CommunicationThread>>(thread.Value).ExecuteAsync(write, Own(context, "write"));
        // It is there, perhaps in a conversation that was archived since.
        return written.Error is Conflict { Code: "exists" } ? null : written.Error;
    }

    /// <summary>The conversation about the order that the message goes to; begun where there is none that is alive.</summary>
    private async Task<Result<Guid>> ThreadAsync(Visit visit, NoticeWay way, string? subject, CommandContext context)
    {
        if (way.ThreadId is { } known)
        {
            return known;
        }

        var details = new CommunicationThreadDetails
        {
            EntityType = ThreadEntityType.Order, EntityId = visit.OrderId, Channel = way.Channel, Subject = subject, BusinessEntity = visit.BusinessEntity,
            ChannelAccountId = way.Account.Id, CustomerContactId = way.ContactId, CustomerAddress = way.Address,
        };
        for (var number = 1; number <= MostThreads; number++)
        {
            // One that was archived stays closed: another goes on from there.
            var id = NameBasedId.Of($"thread/notice/{visit.OrderId}/{WireText.Of(way.Channel)}/{way.Account.Id}/{way.Address}/{number}");
            var made = await grains.GetGrain<IEntityGrain<CommunicationThread>>(id).ExecuteAsync(
                new Create<CommunicationThread, CommunicationThreadDetails>(details), Own(context, $"thread/{number}"));
            if (made.Succeeded)
            {
                return id;
            }

            if (made.Error is not Conflict { Code: "exists" })
            {
                return made.Error;
            }

            if ((await grains.GetGrain<IEntityGrain<CommunicationThread>>(id).GetAsync()).Value is { Status: not ThreadStatus.Archived })
            {
                return id;
            }
        }

        return new Conflict("archived", "Every conversation about this order on this channel is archived: the customer was not told.");
    }

    private async Task<Visit?> UnderwayAsync(Guid visit) =>
        (await grains.GetGrain<IEntityGrain<Visit>>(visit).GetAsync()).Value is { Status: VisitStatus.EnRoute } underway ? underway : null;

    private static Conflict NoWay(Visit visit) => new(
        "no_way_to_customer",
        $"The customer of visit {visit.Number} has no mobile number or mail address that {WireText.Of(visit.BusinessEntity)} could reach: they were not told.");

    // The program's own doing, whoever set out.
    private static CommandContext Own(CommandContext context, string step) =>
        context with { CommandId = NameBasedId.Of($"{context.CommandId}/{step}"), Actor = Actor.System, MayRepeat = true };
}
