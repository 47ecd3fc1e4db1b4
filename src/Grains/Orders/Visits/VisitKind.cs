using ChargeCars.Orders.Teams;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Orders.Visits;

/// <summary>Visits, with who goes as parts.</summary>
public sealed class VisitKind : IEntityKind<Visit, VisitDetails>
{
    /// <summary>The code of the refusal of a time that is taken.</summary>
    internal const string Overlap = "overlap";

    /// <summary>The refusal of a place among the order's visits that another one took at the same moment: the next is free.</summary>
    public static readonly TryAgain SequenceTaken = new("Another visit of the order was made at the same moment. Send the request again.");

    /// <inheritdoc/>
    public static RowMapping<Visit> Rows { get; } = new("visit");

    /// <inheritdoc/>
    public static IReadOnlyList<PartTable<Visit>> Parts { get; } =
    [
        new PartTable<Visit, VisitAssignee>(
            new("visit_assignee"), "visit_id", assignee => assignee.VisitId, visit => visit.Assignees,
            (visit, assignees) => visit with { Assignees = assignees }, "contact_id"),
    ];

    /// <inheritdoc/>
    public static Func<Visit, SearchText> Findable { get; } = static visit => new(visit.Number ?? "") { Codes = [visit.Number] };

    /// <summary>By its order, and with it by the customer, and by its own address.</summary>
    public static IReadOnlyList<FoundThrough> FoundThrough { get; } = [new("order", "order_id"), new("address", "address_id")];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["number"] = ListFilter.Text("number"),
            ["orderId"] = ListFilter.Uuid("order_id"),
            ["status"] = ListFilter.Word<VisitStatus>("status"),
            ["visitType"] = ListFilter.Word<VisitType>("visit_type"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["teamId"] = ListFilter.Uuid("team_id"),
            ["vehicleId"] = ListFilter.Uuid("vehicle_id"),
            ["addressId"] = ListFilter.Uuid("address_id"),
            ["hasLeft"] = new("(left_at IS NOT NULL) = $", ListFilter.Boolean("left_at").Parse, "true or false"),
            ["from"] = ListFilter.Since("scheduled_start"),
            ["to"] = ListFilter.Until("scheduled_start"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["number"] = new("number", "text") },
        "-createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(VisitDetails details, DateTimeOffset now)
    {
        var faults = new FieldFaults()
            .OneOf("visitType", details.VisitType)
            .CheckWindow(details.WindowStart, details.WindowEnd)
            .Rule("windowEnd", details.WindowStart is null != details.WindowEnd is null, "a window has both ends or neither")
            .CheckEstimate(details.EstimatedMinutes)
            .Rule("requiredSkills", details.RequiredSkills.Count > 50, "must hold at most 50");
        for (var i = 0; i < Math.Min(details.RequiredSkills.Count, 50); i++)
        {
            faults.Text($"requiredSkills[{i}]", details.RequiredSkills[i], 1..60);
        }

        return faults.Invalid;
    }

    /// <inheritdoc/>
    public static VisitDetails Normalized(VisitDetails details) => details with { RequiredSkills = [.. details.RequiredSkills.Select(PlainText.Tidy).Distinct()] };

    /// <inheritdoc/>
    public static Result<Outcome<Visit>> Revised(Visit before, Visit after, DateTimeOffset now)
    {
        if (!before.Status.IsOpen() && (before.TeamId != after.TeamId || before.VehicleId != after.VehicleId || before.AddressId != after.AddressId))
        {
            return new Conflict("visit_over", $"The visit is {WireText.Of(before.Status)}: who went where stays as it is.");
        }

        // The van that set out is at this visit until it ends: it would stay so for ever if another took its place.
        if (before.Status is VisitStatus.EnRoute or VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused && before.VehicleId != after.VehicleId)
        {
            return new Conflict(
                "under_way", $"The visit is {WireText.Of(before.Status)}: its van stays the one that set out. End the visit, and make another one for the other van.", "vehicleId");
        }

        return Outcome.Of(VisitDecider.Timed(after), "updated") with
        {
            Then =
            [
                .. VisitDecider.Moves(before, after) ? [VisitDecider.FenceAnew(after)] : Array.Empty<DueCommand>(),
                // What a visit was for says whether the order's work is done.
                .. before.VisitType == after.VisitType ? Array.Empty<DueCommand>() : [new DueCommand(after.OrderId, new FollowVisit(VisitDecider.Seen(after)))],
            ],
        };
    }

    /// <inheritdoc/>
    public static Error? RefuseDeletion(Visit state, DateTimeOffset now) => new Conflict("visit_kept", "A visit is never deleted: cancel it.");

    /// <inheritdoc/>
    public static Result<Outcome<Visit>> Decide(Visit state, EntityCommand<Visit> command, DateTimeOffset now) => VisitDecider.Decide(state, command, now);

    /// <inheritdoc/>
    public static ActionOption[] Options(Visit state, DateTimeOffset now) => VisitTransitions.Table.Options(state);

    /// <summary>The team; of several people the one who leads, and nobody where none does.</summary>
    public static StatusAssignment AssignmentOf(Visit state) => new(
        (state.Assignees is [var only] ? only : state.Assignees.FirstOrDefault(assignee => assignee.Role == TeamRole.Lead))?.ContactId, state.TeamId);

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Visit state) => new(WireText.Of(state.BusinessEntity), null, null, state.VehicleId);

    /// <inheritdoc/>
    public static object Label(Visit state) => new { state.Number, state.OrderId };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Visit? state) => violation.ConstraintName switch
    {
        "ex_visit_vehicle_overlap" => new Conflict(Overlap, "The vehicle has another visit at that time.", "vehicleId"),
        "ex_visit_team_overlap" => new Conflict(Overlap, "The team has another visit at that time.", "teamId"),
        "ex_visit_assignee_overlap" => new Conflict(Overlap, "Somebody who goes has another visit at that time.", "assignees"),
        "uq_visit_order_sequence" => SequenceTaken,
        _ => null,
    };
}
