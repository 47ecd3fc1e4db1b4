using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Screen.Tests;

/// <summary>Work for the desk: customers, orders, visits, calls and conversations, each of its test's own.</summary>
internal static class Work
{
    /// <summary>A customer with an order that has one visit, still without a time.</summary>
    public static async Task<Job> NewJobAsync(this ScreenHost host, string city = "Hilversum", int minutes = 60)
    {
        var mark = Guid.NewGuid().ToString("N")[..6];
        var customer = await IdAsync(host, "/api/organizations", new { name = $"Klant {mark}", organizationType = "customer_business" });
        var contact = await IdAsync(host, "/api/contacts", new { firstName = "Anna", lastName = $"De Vries {mark}", email = $"anna-{mark}@example.nl", organizationId = customer });
        var address = await IdAsync(host, "/api/addresses", new
        {
            entityType = "organization", entityId = customer, addressType = "installation", streetAddress = "Neuweg", streetNumber = "12", postalCode = "1211LX", city,
        });
        var order = await IdAsync(host, "/api/orders", new
        {
            orderType = "service", businessEntity = "chargecars", customerOrganizationId = customer, primaryContactId = contact, installationAddressId = address,
        });
        await ActAsync(host, $"orders/{order}", "approve");
        var visit = await IdAsync(host, $"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = minutes });
        return new($"Klant {mark}", customer, contact, order, visit);
    }

    /// <summary>A team that drives a van of its own.</summary>
    public static async Task<(Guid Team, Guid Van, string Plate, string Name)> NewCrewAsync(this ScreenHost host)
    {
        var (van, plate) = await host.CreateVanAsync();
        // First in the table, whatever other tests made.
        var name = $"AA {Guid.NewGuid().ToString("N")[..6]}";
        return (await IdAsync(host, "/api/teams", new { name, businessEntity = "chargecars", vehicleId = van }), van, plate, name);
    }

    public static async Task ActAsync(this ScreenHost host, string what, string action, object? body = null)
    {
        using var answer = await host.Api.PostAsJsonAsync($"/api/{what}/actions/{action}", body ?? new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Plans a visit at an hour of today, on Dutch clocks.</summary>
    public static Task PlanAsync(this ScreenHost host, Guid visit, double hour, Guid van, string action = "schedule") => host.ActAsync($"visits/{visit}", action, new
    {
        scheduledStart = Today(hour), scheduledEnd = Today(hour + 1), vehicleId = van,
    });

    /// <summary>An hour of today, on Dutch clocks.</summary>
    public static DateTimeOffset Today(double hour)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");
        var time = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, zone).Date.AddHours(hour);
        return new(TimeZoneInfo.ConvertTimeToUtc(time, zone), TimeSpan.Zero);
    }

    public static async Task<JsonElement> ReadAsync(this ScreenHost host, string path) => await host.Api.GetFromJsonAsync<JsonElement>(path);

    /// <summary>What Aircall would say of a call that came in.</summary>
    public static Task CallAsync(this ScreenHost host, string name, string id, string digits, DateTimeOffset started, bool isAnswered = false, bool isOver = false, string? voicemail = null)
    {
        var began = started.ToUnixTimeSeconds();
        return host.AircallAsync(name, new
        {
            id, direction = "inbound", status = isOver ? "done" : "initial", started_at = began, answered_at = isAnswered ? began + 3 : (long?)null,
            ended_at = isOver ? began + 40 : (long?)null, raw_digits = digits, number = new { id = "7", name = "Service", digits = "+31 85 012 3456" },
            user = isAnswered ? new { id = 501, name = "Bo" } : null, voicemail,
        });
    }

    /// <summary>Any event of the telephony system's.</summary>
    public static async Task AircallAsync(this ScreenHost host, string name, object data)
    {
        using var token = await host.Api.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = $"test {Guid.NewGuid()}" });
        using var http = new HttpClient { BaseAddress = host.Url };
        using var answer = await http.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = "call", @event = name, timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            token = (await token.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString(), data,
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A number that nobody has yet.</summary>
    public static string NewDigits() => $"+31 6 {Random.Shared.Next(10_000_000, 60_000_000)}";

    public static async Task<Guid> IdAsync(ScreenHost host, string path, object body)
    {
        using var answer = await host.Api.PostAsJsonAsync(path, body);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {made}");
        return made.GetProperty("id").GetGuid();
    }

    /// <summary>A customer's order and its visit.</summary>
    internal sealed record Job(string Customer, Guid CustomerId, Guid Contact, Guid Order, Guid Visit);
}
