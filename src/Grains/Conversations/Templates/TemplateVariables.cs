using System.Collections.Frozen;

namespace ChargeCars.Conversations.Templates;

/// <summary>Every variable that a template may name, as <c>group.name</c>.</summary>
internal static class TemplateVariables
{
    /// <summary>The customer's link: it is made when a message with it is sent.</summary>
    public const string Link = "visit.link";

    /// <summary>All of them, in the order in which an editor reads them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "order.number", "order.type", "order.requested_date",
        "visit.number", "visit.type", "visit.date", "visit.start", "visit.end", "visit.window_from", "visit.window_until", "visit.address", "visit.city", Link,
        "customer.first_name", "customer.last_name", "customer.name", "customer.organization",
        "van.name", "van.license_plate",
        "arrival.from", "arrival.until", "arrival.expected",
        "company.name",
    ];

    /// <summary>The same, to look one up.</summary>
    public static FrozenSet<string> Known { get; } = All.ToFrozenSet(StringComparer.Ordinal);
}
