using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Conversations.Templates;

/// <summary>A template with its values in place.</summary>
/// <param name="Subject">The subject; null where it has none.</param>
/// <param name="Body">The text.</param>
/// <param name="Missing">The variables that it shows and that have no value: with any of them it is not sent.</param>
internal sealed record RenderedTemplate(string? Subject, string Body, IReadOnlyList<string> Missing)
{
    /// <summary>What its body shows, in the order in which it names it first; null where something of it is not known.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>Why it is not sent; null where it may be.</summary>
    public Conflict? Refusal(string name, string? field = null) => Missing.Count == 0 ? null : new(
        "variable_missing", $"The template '{name}' shows {string.Join(", ", Missing)}, which nobody knows here: nothing was sent.", field);
}

/// <summary>Reads what a message is about, and renders templates with it.</summary>
internal sealed class TemplateRenderer(NpgsqlDataSource source)
{
    private const string SelectOrder = """
        SELECT o.order_number, o.order_type, o.requested_date, g.name
        FROM "order" o LEFT JOIN organization g ON g.id = o.customer_organization_id
        WHERE o.id = $1
        """;

    private const string SelectVisit = """
        SELECT v.number, v.visit_type, v.scheduled_start, v.scheduled_end, v.window_start, v.window_end,
            concat_ws(' ', a.street_address, a.street_number), a.city, coalesce(w.vehicle_name, w.license_plate), w.license_plate
        FROM visit v LEFT JOIN address a ON a.id = v.address_id LEFT JOIN team t ON t.id = v.team_id
            LEFT JOIN vehicle w ON w.id = coalesce(v.vehicle_id, t.vehicle_id)
        WHERE v.id = $1
        """;

    private const string SelectPerson = """
        SELECT c.first_name, c.last_name, g.name FROM contact c LEFT JOIN organization g ON g.id = c.organization_id
        WHERE c.id = coalesce((SELECT o.primary_contact_id FROM "order" o WHERE o.id = $1), $2)
        """;

    private const string SelectCompany = "SELECT coalesce(trade_name, legal_name) FROM business_entity WHERE entity_code = $1";

    /// <summary>The values of every variable that is known of a subject.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> ValuesAsync(TemplateSubject about, TemplateLanguage language, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(SelectOrder) { Parameters = { Sql.Uuid(about.OrderId) } });
        batch.BatchCommands.Add(new(SelectVisit) { Parameters = { Sql.Uuid(about.VisitId) } });
        batch.BatchCommands.Add(new(SelectPerson) { Parameters = { Sql.Uuid(about.OrderId), Sql.Uuid(about.CustomerId) } });
        batch.BatchCommands.Add(new(SelectCompany) { Parameters = { Sql.Word(about.BusinessEntity) } });
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [TemplateVariables.Link] = about.Link,
            ["arrival.from"] = TemplateWords.Time(about.Arrival?.From),
            ["arrival.until"] = TemplateWords.Time(about.Arrival?.Until),
            ["arrival.expected"] = TemplateWords.Time(about.Arrival?.Expected),
        };
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        if (await row.ReadAsync(cancellation))
        {
            values["order.number"] = row.Optional<string>(0);
            values["order.type"] = row.Optional<string>(1) is { } type ? TemplateWords.Of(WireText.Parse<OrderType>(type), language) : null;
            values["order.requested_date"] = row.OptionalValue<DateOnly>(2) is { } day ? TemplateWords.Day(day, language) : null;
            values["customer.organization"] = row.Optional<string>(3);
        }

        await row.NextResultAsync(cancellation);
        if (await row.ReadAsync(cancellation))
        {
            var (start, end) = (row.OptionalValue<DateTimeOffset>(2), row.OptionalValue<DateTimeOffset>(3));
            var (from, until) = (row.OptionalValue<DateTimeOffset>(4), row.OptionalValue<DateTimeOffset>(5));
            values["visit.number"] = row.Optional<string>(0);
            values["visit.type"] = row.Optional<string>(1) is { } type ? TemplateWords.Of(WireText.Parse<VisitType>(type), language) : null;
            values["visit.date"] = TemplateWords.Day(start ?? from, language);
            values["visit.start"] = TemplateWords.Time(start);
            values["visit.end"] = TemplateWords.Time(end);
            values["visit.window_from"] = TemplateWords.Time(from);
            values["visit.window_until"] = TemplateWords.Time(until);
            values["visit.address"] = row.Optional<string>(6);
            values["visit.city"] = row.Optional<string>(7);
            values["van.name"] = row.Optional<string>(8);
            values["van.license_plate"] = row.Optional<string>(9);
        }

        await row.NextResultAsync(cancellation);
        if (await row.ReadAsync(cancellation))
        {
            values["customer.first_name"] = row.Optional<string>(0);
            values["customer.last_name"] = row.Optional<string>(1);
            values["customer.name"] = $"{row.Optional<string>(0)} {row.Optional<string>(1)}".Trim();
            values.TryAdd("customer.organization", row.Optional<string>(2));
        }

        await row.NextResultAsync(cancellation);
        values["company.name"] = await row.ReadAsync(cancellation) ? row.Optional<string>(0) : null;
        return values;
    }

    /// <summary>Renders a template.</summary>
    /// <exception cref="InvalidOperationException">It is none; its kind would have refused it.</exception>
    public static async Task<RenderedTemplate> RenderAsync(MessageTemplateDetails template, IReadOnlyDictionary<string, string?> values)
    {
        var text = Read(template.Body);
        var (body, missing) = await text.RenderAsync(values);
        string?[] shown = [.. text.Ordered.Select(name => values.GetValueOrDefault(name))];
        string[]? parameters = Array.Exists(shown, string.IsNullOrWhiteSpace) ? null : [.. shown.OfType<string>()];
        if (template.Subject is not { } subject)
        {
            return new(null, body.Trim(), missing) { Parameters = parameters };
        }

        var (line, more) = await Read(subject).RenderAsync(values);
        return new(line.ReplaceLineEndings(" ").Trim(), body.Trim(), [.. missing.Union(more).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Whether a template shows the customer's link.</summary>
    public static bool ShowsLink(MessageTemplateDetails template) =>
        Read(template.Body).Variables.Contains(TemplateVariables.Link)
        || (template.Subject is { } subject && Read(subject).Variables.Contains(TemplateVariables.Link));

    private static TemplateText Read(string text) => TemplateText.Read(text) is { Text: { } read }
        ? read
        : throw new InvalidOperationException("A template that was stored can't be read any more.");
}
