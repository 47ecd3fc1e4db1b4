using ChargeCars.Alerts;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>The state diagrams in docs/lifecycles.md are what the transition tables say.</summary>
public sealed class DiagramTests
{
    public static TheoryData<string, string> Lives => new()
    {
        { "Vehicle", VehicleTransitions.Table.Diagram(VehicleStatus.Parked) },
        { "Order", OrderTransitions.Table.Diagram(OrderStatus.New) },
        { "Alert", AlertTransitions.Table.Diagram(AlertStatus.Open) },
        { "Visit", VisitTransitions.Table.Diagram(VisitStatus.Draft) },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void Page_OfLifecycles_HasTheDiagramOfTheTable(string entity, string diagram)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "lifecycles.md")).ReplaceLineEndings("\n");

        Assert.True(page.Contains($"## {entity}\n\n```mermaid\n{diagram}\n```", StringComparison.Ordinal), $"docs/lifecycles.md should have, under {entity}:\n{diagram}");
    }

    [Fact]
    public void Orders_EveryStatusAndAction_HasOneAnswer()
    {
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            foreach (var action in Enum.GetValues<OrderAction>())
            {
                var order = new Order { OrderStatus = status, HeldFrom = OrderStatus.Approved };
                var answer = OrderTransitions.Table.Decide(order, action);
                Assert.True(answer.Succeeded || answer.Error is TransitionRefused { Action.Length: > 0 });
            }
        }

        // No way out of what is over.
        Assert.DoesNotContain(OrderTransitions.Table.Arrows, arrow => arrow.From is OrderStatus.Closed or OrderStatus.Cancelled);
        Assert.DoesNotContain(VisitTransitions.Table.Arrows, arrow => !arrow.From.IsOpen());
    }
}
