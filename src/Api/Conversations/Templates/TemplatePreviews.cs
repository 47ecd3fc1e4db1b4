using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Conversations.Templates;

/// <summary>Renders templates for what a caller asks about, with what the caller may know of it.</summary>
internal sealed class TemplatePreviews(
    TemplateRenderer renderer, TrackingLinks links, EntityDirectory directory, DayForecaster forecaster, NpgsqlDataSource source,
    IGrainFactory grains, TimeProvider time)
{
    // The one that is under way, else the next one.
    private const string SelectNextVisit = """
        SELECT id FROM visit WHERE order_id = $1 AND status NOT IN ('completed', 'incomplete', 'no_show', 'cancelled')
        ORDER BY status IN ('en_route', 'on_site', 'in_progress', 'paused') DESC, scheduled_start, sequence LIMIT 1
        """;

    private static readonly string SelectFitting = $"""
        SELECT {MessageTemplateKind.Rows.ColumnList} FROM message_template
        WHERE business_entity = $1 AND channel = $2 AND is_active ORDER BY purpose = 'general' DESC, name, language LIMIT 50
        """;

    /// <summary>The templates in use for a thread's name and channel, those for people first.</summary>
    public async Task<IReadOnlyList<MessageTemplate>> FittingAsync(CommunicationThread thread, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectFitting);
        command.Parameters.Add(Sql.Word(thread.BusinessEntity));
        command.Parameters.Add(Sql.Word(thread.Channel));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var fitting = new List<MessageTemplate>();
        while (await row.ReadAsync(cancellation))
        {
            fitting.Add(MessageTemplateKind.Rows.Read(row));
        }

        return fitting;
    }

    /// <summary>What a message of a thread is about: its order, and a visit that is named or is the order's next.</summary>
    public async Task<Result<TemplateSubject>> OfThreadAsync(CommunicationThread thread, Guid? visitId, Caller caller, CancellationToken cancellation)
    {
        var order = thread.EntityType == ThreadEntityType.Order ? thread.EntityId : null;
        if (visitId is null && order is not null)
        {
            visitId = await NextVisitAsync(order.Value, caller, cancellation);
        }

        var about = await OfAsync(order, visitId, thread.BusinessEntity, caller, cancellation);
        return about.Map(known => known with { CustomerId = thread.CustomerContactId });
    }

    /// <summary>The same of an order, of a visit, or of both: what the caller does not see does not exist.</summary>
    public async Task<Result<TemplateSubject>> OfAsync(Guid? orderId, Guid? visitId, BusinessEntity? entity, Caller caller, CancellationToken cancellation)
    {
        if (await directory.CheckAsync([new("orderId", "order", orderId), new("visitId", "visit", visitId)], caller, cancellation) is { } unknown)
        {
            return unknown;
        }

        if (visitId is not { } id)
        {
            return orderId is not { } only || await EntityOfAsync(only) == entity
                ? new TemplateSubject(entity, orderId)
                : Invalid.Field("orderId", "is another name's order than the template");
        }

        if (!caller.Permissions.Contains(Permissions.VisitsRead))
        {
            return new Forbidden("A message about a visit takes the permission visits.read.");
        }

        var visit = (await grains.GetGrain<IEntityGrain<Visit>>(id).GetAsync()).Value!;
        return orderId is not null && visit.OrderId != orderId ? Invalid.Field("visitId", "is another order's visit")
            : entity is not null && visit.BusinessEntity != entity ? Invalid.Field("visitId", "is another name's visit than the template")
            : new TemplateSubject(entity, visit.OrderId, id) { Arrival = await ArrivalAsync(id, caller, cancellation), Link = links.Address };
    }

    /// <summary>The template with its values.</summary>
    public async Task<RenderedTemplate> RenderAsync(MessageTemplate template, TemplateSubject about, CancellationToken cancellation) =>
        await TemplateRenderer.RenderAsync(template, await renderer.ValuesAsync(about, template.Language ?? TemplateLanguage.Nl, cancellation));

    /// <summary>The same as a client sees it.</summary>
    public async Task<TemplateView> ViewAsync(MessageTemplate template, TemplateSubject about, CancellationToken cancellation)
    {
        var rendered = await RenderAsync(template, about, cancellation);
        return new(template.Id, template.Name, template.Language, rendered.Subject, rendered.Body, rendered.Missing);
    }

    private async Task<BusinessEntity?> EntityOfAsync(Guid order) => (await grains.GetGrain<IEntityGrain<Order>>(order).GetAsync()).Value?.BusinessEntity;

    private async Task<Guid?> NextVisitAsync(Guid order, Caller caller, CancellationToken cancellation)
    {
        if (!caller.Permissions.Contains(Permissions.VisitsRead))
        {
            return null;
        }

        await using var command = source.CreateCommand(SelectNextVisit);
        command.Parameters.Add(Sql.Uuid(order));
        return await command.ExecuteScalarAsync(cancellation) is Guid visit && directory.Find("visit") is { } visits
            && await visits.SeesAsync(caller, visit, cancellation)
                ? visit
                : null;
    }

    // Who may not see positions is told what the plan says.
    private async Task<ToldArrival?> ArrivalAsync(Guid visit, Caller caller, CancellationToken cancellation)
    {
        var (_, crews) = await forecaster.ReadAsync(time.GetUtcNow(), caller.SeesPositions(), cancellation);
        return crews.SelectMany(crew => crew.Forecasts).FirstOrDefault(forecast => forecast.VisitId == visit) is { } forecast
            ? ToldArrival.Of(forecast.Arrival.Earliest, forecast.Arrival.Expected, forecast.Arrival.Latest)
            : null;
    }
}
