using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Orders;
using ChargeCars.Platform.Entities;
using ChargeCars.Relations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using OrderRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;
using ThreadRoutes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Conversations.Threads.CommunicationThread, ChargeCars.Conversations.Threads.CommunicationThreadDetails,
    ChargeCars.Conversations.Threads.ThreadKind, ChargeCars.Api.Conversations.Threads.ThreadAccess>;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>
/// The customer's portal: what is written in it, and what became of what we wrote. Its key may be limited to one of our names; then it
/// reaches that name's threads and orders only.
/// </summary>
internal static class PortalEndpoints
{
    private const string SelectOrder = """SELECT id FROM "order" WHERE order_number = $1""";

    private static readonly string[] States = ["delivered", "read"];

    public static void Map(RouteGroupBuilder messages)
    {
        messages.MapPost("/inbound/portal", TakeAsync).RequirePermission(Permissions.MessagesReceive).Produces<IntakeAnswer>()
            .WithName("TakePortalMessage").WithSummary("Takes a message that a customer wrote in the portal, about a thread, an order or neither.");
        messages.MapPost("/status/portal", ReportAsync).RequirePermission(Permissions.MessagesReceive).DescribesRefusals(404).Produces(200)
            .WithName("TakePortalStatus").WithSummary("Takes that the portal has shown a message of ours to its customer, or that they read it.");
    }

    private static async Task<IResult> TakeAsync(
        PortalBody body, HttpContext http, PortalIntake intake, ThreadRoutes threads, OrderRoutes orders, EntityDirectory directory,
        NpgsqlDataSource source, TimeProvider time)
    {
        var caller = Caller.Of(http);
        if (ConversationScope.RefuseWriting(caller) is { } stranger)
        {
            return ProblemAnswers.From(stranger);
        }

        if ((Check(body) ?? await directory.CheckAsync([new("contactId", "contact", body.ContactId)], caller, http.RequestAborted)) is { } fault)
        {
            return ProblemAnswers.From(fault);
        }

        var thread = await ThreadAsync(body, caller, threads, http.RequestAborted);
        var order = thread.Succeeded ? await OrderAsync(body, caller, orders, source, http.RequestAborted) : thread.Error;
        if (!order.Succeeded)
        {
            return ProblemAnswers.From(order.Error);
        }

        var named = thread.Value.Thread?.BusinessEntity ?? order.Value.Order?.BusinessEntity;
        if (named is not null && body.BusinessEntity is not null && named != body.BusinessEntity)
        {
            return ProblemAnswers.From(Invalid.Field("businessEntity", $"must be {WireText.Of(named.Value)}, whose thread or order it is"));
        }

        if ((named ?? body.BusinessEntity) is not { } entity)
        {
            return ProblemAnswers.From(Invalid.Field("businessEntity", "is required where neither a thread nor an order says it"));
        }

        if (BusinessEntityScope.Refuse(caller, entity) is { } foreign)
        {
            return ProblemAnswers.From(foreign);
        }

        var taken = await intake.TakeAsync(
            new()
            {
                ExternalId = PlainText.Tidy(body.ExternalId!), Text = PlainText.TidyLines(body.BodyText!), BusinessEntity = entity,
                Thread = thread.Value.Thread, OrderId = thread.Value.Thread is null ? order.Value.Order?.Id : null,
                Subject = PlainText.TidyOrNull(body.Subject) ?? order.Value.Order?.OrderNumber,
                ContactId = body.ContactId, Name = PlainText.TidyOrNull(body.SenderName), SentAt = body.SentAt?.ToUniversalTime(),
                Email = PlainText.TidyOrNull(body.Email) is { } email ? EmailAddress.Normalized(email).ToLowerInvariant() : null,
            },
            RequestOrigin.Context(http, time), http.RequestAborted);
        return taken.Succeeded ? TypedResults.Ok(taken.Value) : ProblemAnswers.From(taken.Error);
    }

    private static Invalid? Check(PortalBody body) => new FieldFaults()
        .Text("externalId", body.ExternalId, 1..200)
        .Lines("bodyText", body.BodyText, 1..MessageContentRules.LongestText)
        .Text("subject", body.Subject, ..500)
        .Text("orderNumber", body.OrderNumber, ..100)
        .Text("senderName", body.SenderName, ..200)
        .Text("email", body.Email, ..254)
        .Satisfies("email", PlainText.TidyOrNull(body.Email), EmailAddress.Fault)
        .Time("sentAt", body.SentAt)
        .Rule("contactId", body.ContactId is null && PlainText.IsBlank(body.Email), "or email is required: who wrote it")
        .Rule("orderNumber", body.OrderId is not null && body.OrderNumber is not null, "and orderId are not given together")
        .Invalid;

    private static async Task<Result<Named>> ThreadAsync(PortalBody body, Caller caller, ThreadRoutes threads, CancellationToken cancellation)
    {
        if (body.ThreadId is not { } id)
        {
            return new Named();
        }

        var found = await threads.FindAsync(id, caller, cancellation);
        return !found.Succeeded ? Invalid.Field("threadId", $"there is no communication thread {id}")
            : found.Value.Channel != ChannelType.Portal ? Invalid.Field("threadId", "must be a thread of the portal's")
            : new Named { Thread = found.Value };
    }

    private static async Task<Result<Named>> OrderAsync(
        PortalBody body, Caller caller, OrderRoutes orders, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (field, id) = ("orderId", body.OrderId);
        if (PlainText.TidyOrNull(body.OrderNumber) is { } number)
        {
            await using var command = source.CreateCommand(SelectOrder);
            command.Parameters.Add(ChargeCars.Platform.Storage.Sql.Text(number));
            (field, id) = ("orderNumber", await command.ExecuteScalarAsync(cancellation) as Guid? ?? Guid.Empty);
        }

        if (id is not { } asked)
        {
            return new Named();
        }

        var found = await orders.FindAsync(asked, caller, cancellation);
        return found.Succeeded ? new Named { Order = found.Value } : Invalid.Field(field, $"there is no order {body.OrderNumber ?? asked.ToString()}");
    }

    private static async Task<IResult> ReportAsync(
        PortalStatusBody body, HttpContext http, MessageQueries messages, ThreadRoutes threads, IGrainFactory grains, TimeProvider time)
    {
        var caller = Caller.Of(http);
        var faults = new FieldFaults().Required("messageId", body.MessageId).Required("status", body.Status).OneOf("status", body.Status, States)
            .Time("at", body.At).Invalid;
        if ((ConversationScope.RefuseWriting(caller) ?? (Error?)faults) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (await messages.FindAsync(body.MessageId!.Value, caller, http.RequestAborted) is not { Direction: MessageDirection.Outbound } message
            || await threads.FindAsync(message.ThreadId, caller, http.RequestAborted) is not { Succeeded: true, Value.Channel: ChannelType.Portal })
        {
            return ProblemAnswers.From(new NotFound(MessageKind.Rows.Table, body.MessageId.Value.ToString()));
        }

        var now = time.GetUtcNow();
        var report = new DeliveryReport(
            body.Status == "read" ? MessageStatus.Read : MessageStatus.Delivered, body.At < now ? body.At.Value.ToUniversalTime() : now);
        var told = await grains.GetGrain<IEntityGrain<CommunicationThread>>(message.ThreadId)
            .ExecuteAsync(new ReportDelivery(message.Id, report), RequestOrigin.Context(http, time));
        return told.Succeeded ? TypedResults.Ok() : ProblemAnswers.From(told.Error);
    }

    // What the message names, as far as it names anything.
    private readonly record struct Named(CommunicationThread? Thread, Order? Order);

    /// <summary>A message as the portal hands it in.</summary>
    /// <param name="ExternalId">The portal's id of it, 1 to 200 characters: handed in again, it is the same message.</param>
    /// <param name="BodyText">What it says.</param>
    /// <param name="ThreadId">The thread of the portal's that it answers.</param>
    /// <param name="OrderId">The order that it is about.</param>
    /// <param name="OrderNumber">The same by its number.</param>
    /// <param name="BusinessEntity">The name that was written to; what the thread or the order says where it is left out.</param>
    /// <param name="ContactId">Who wrote it; this or <paramref name="Email"/> is required.</param>
    /// <param name="Email">The mail address of who wrote it.</param>
    /// <param name="SenderName">As they call themselves.</param>
    /// <param name="Subject">What a new thread is called.</param>
    /// <param name="SentAt">When it was written, UTC; now where it is left out.</param>
    public sealed record PortalBody(
        string? ExternalId, string? BodyText, Guid? ThreadId = null, Guid? OrderId = null, string? OrderNumber = null, BusinessEntity? BusinessEntity = null,
        Guid? ContactId = null, string? Email = null, string? SenderName = null, string? Subject = null, DateTimeOffset? SentAt = null);

    /// <summary>What became of a message of ours in the portal.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="Status"><c>delivered</c> or <c>read</c>.</param>
    /// <param name="At">When, UTC; now where it is left out.</param>
    public sealed record PortalStatusBody(Guid? MessageId, string? Status, DateTimeOffset? At = null);
}
