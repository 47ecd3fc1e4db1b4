using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Stock;

/// <summary>What the clients fight for: few products, so that all meet.</summary>
internal sealed record StockScene(Guid[] Products, Guid[] Places, Guid[] Vans, Guid Order, Guid[] Visits)
{
    public static async Task<StockScene> MakeAsync(Uri host, string token)
    {
        using var http = new HttpClient { BaseAddress = host, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        async Task<Guid> MakeAsync(string path, object body)
        {
            using var made = await http.PostAsJsonAsync(path, body);
            var text = await made.Content.ReadAsStringAsync();
            return made.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid() : throw new DrillException($"{path}: {text}");
        }

        async Task<Guid[]> ManyAsync(int count, Func<int, Task<Guid>> make)
        {
            var made = new List<Guid>();
            for (var n = 0; n < count; n++)
            {
                made.Add(await make(n));
            }

            return [.. made];
        }

        var products = await ManyAsync(3, n => MakeAsync("/api/products", new { name = $"Drill {n}", sku = $"DRILL-{n}", productType = "cable", unitPrice = 1.00m }));
        var sheds = await ManyAsync(2, n => MakeAsync("/api/stock/places", new { name = $"Shed {n}", placeType = "warehouse" }));
        var vans = await ManyAsync(3, async n => await MakeAsync("/api/stock/places", new
        {
            name = $"Van {n}", placeType = "vehicle", vehicleId = await MakeAsync("/api/vehicles", new { licensePlate = $"DRILL-{n}", vehicleType = "van" }),
        }));
        var customer = await MakeAsync("/api/organizations", new { name = "Customer", organizationType = "customer_business", businessEntity = "chargecars" });
        var person = await MakeAsync("/api/contacts", new { organizationId = customer, firstName = "An", lastName = "Vries", email = "an@example.nl", contactType = "customer" });
        var address = await MakeAsync("/api/addresses", new
        {
            entityType = "organization", entityId = customer, addressType = "installation", streetAddress = "Dorpsstraat", streetNumber = "1", city = "Vianen", postalCode = "4131AA",
        });
        var order = await MakeAsync("/api/orders", new
        {
            orderType = "service", businessEntity = "chargecars", customerOrganizationId = customer, primaryContactId = person, installationAddressId = address,
        });
        await MakeAsync($"/api/orders/{order}/actions/approve", new { });
        // Parts are used by visits that are on site.
        var visits = await ManyAsync(4, async n =>
        {
            var visit = await MakeAsync($"/api/orders/{order}/visits", new { visitType = "service" });
            await MakeAsync($"/api/visits/{visit}/actions/schedule", new
            {
                scheduledStart = $"2027-06-{7 + n:00}T07:00:00Z", scheduledEnd = $"2027-06-{7 + n:00}T09:00:00Z",
                vehicleId = await MakeAsync("/api/vehicles", new { licensePlate = $"DRILL-V{n}", vehicleType = "van" }),
            });
            return await MakeAsync($"/api/visits/{visit}/actions/arrive", new { });
        });
        return new(products, [.. sheds, .. vans], vans, order, visits);
    }
}
