using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Orders;

/// <summary>What orders are made of: one customer, and few vans, so that the clients want the same hours.</summary>
internal sealed record OrderScene(Guid Customer, Guid Contact, Guid Address, Guid Product, Guid[] Vans)
{
    public static async Task<OrderScene> MakeAsync(Uri host, string token)
    {
        using var http = new HttpClient { BaseAddress = host, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        async Task<Guid> MakeAsync(string path, object body)
        {
            using var made = await http.PostAsJsonAsync(path, body);
            var text = await made.Content.ReadAsStringAsync();
            return made.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid() : throw new DrillException($"{path}: {text}");
        }

        var customer = await MakeAsync("/api/organizations", new { name = "Customer", organizationType = "customer_business", businessEntity = "chargecars" });
        var contact = await MakeAsync("/api/contacts", new { organizationId = customer, firstName = "An", lastName = "Vries", email = "an@example.nl", contactType = "customer" });
        var address = await MakeAsync("/api/addresses", new
        {
            entityType = "organization", entityId = customer, addressType = "installation", streetAddress = "Dorpsstraat", streetNumber = "1", city = "Vianen", postalCode = "4131AA",
            coordinates = new { latitude = 51.99, longitude = 5.09 },
        });
        var product = await MakeAsync("/api/products", new { name = "Service", sku = "DRILL-ORDER", productType = "installation_service", unitPrice = 129.95m });
        var vans = new List<Guid>();
        for (var n = 0; n < 12; n++)
        {
            vans.Add(await MakeAsync("/api/vehicles", new { licensePlate = $"ORDER-{n}", vehicleType = "van" }));
        }

        return new(customer, contact, address, product, [.. vans]);
    }
}
