using System.Text;
using System.Text.Json;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Conversations;

/// <summary>Orders that are put on hold and taken up again, each once a second: the office at work beside what is measured.</summary>
internal sealed class PacedOrders(BenchHost host, IReadOnlyList<Guid> orders)
{
    private static readonly byte[] Hold = """{"reason":"the customer rings back"}"""u8.ToArray();

    /// <summary>Takes orders in and approves them.</summary>
    public static async Task<PacedOrders> MakeAsync(BenchHost host, int count)
    {
        using var line = await HttpLine.OpenAsync(host.Url);
        var customer = await MakeAsync("/api/organizations", """{"name":"Office","organizationType":"customer_business","businessEntity":"chargecars"}""");
        var contact = await MakeAsync("/api/contacts", $$"""
            {"organizationId":"{{customer}}","firstName":"An","lastName":"Vries","email":"an@example.nl","contactType":"customer"}
            """);
        var address = await MakeAsync("/api/addresses", $$"""
            {"entityType":"organization","entityId":"{{customer}}","addressType":"installation",
            "streetAddress":"Dorpsstraat","streetNumber":"1","postalCode":"4131AA","city":"Vianen"}
            """);
        var orders = new List<Guid>();
        for (var n = 0; n < count; n++)
        {
            var order = await MakeAsync("/api/orders", $$"""
                {"orderType":"service","businessEntity":"chargecars",
                "customerOrganizationId":"{{customer}}","primaryContactId":"{{contact}}","installationAddressId":"{{address}}"}
                """);
            await AskAsync($"/api/orders/{order}/actions/approve", "{}");
            orders.Add(order);
        }

        return new(host, orders);

        async Task<Guid> MakeAsync(string path, string body) => (await AskAsync(path, body)).GetProperty("id").GetGuid();

        async Task<JsonElement> AskAsync(string path, string body)
        {
            var (status, answer) = await line.AskAsync(Requests.Post(host, path, Encoding.UTF8.GetBytes(body)));
            // A line reads what came, with what frames it.
            return status is 200 or 201
                ? JsonSerializer.Deserialize<JsonElement>(answer.Span[answer.Span.IndexOf((byte)'{')..(answer.Span.LastIndexOf((byte)'}') + 1)])
                : throw Requests.Unexpected(status, answer);
        }
    }

    public async Task<Func<long, Task>[]> OpenAsync(int lines) => await Task.WhenAll(Enumerable.Range(0, lines).Select(async _ =>
    {
        var line = await HttpLine.OpenAsync(host.Url);
        return (Func<long, Task>)(async number =>
        {
            var (order, isHeld) = (orders[(int)(number % orders.Count)], number / orders.Count % 2 == 1);
            var path = $"/api/orders/{order}/actions/{(isHeld ? "resume" : "hold")}";
            var (status, body) = await line.AskUntilTakenAsync(Requests.Post(host, path, isHeld ? "{}"u8 : Hold), static () => { });
            // The one before may still be on its way where the host is behind: then it is refused, which is work too.
            if (status is not (200 or 409))
            {
                throw Requests.Unexpected(status, body);
            }
        });
    }));
}
