using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>An order of a test's own, and what is done with it over HTTP.</summary>
internal sealed class OrderRun(RunningHost host, JsonElement order)
{
    public Guid Id { get; } = order.GetProperty("id").GetGuid();

    public JsonElement Made => order;

    private HttpClient Admin => host.Administrator;

    /// <summary>A new order of work that needs no quote.</summary>
    public static async Task<OrderRun> NewAsync(RunningHost host, object? changes = null)
    {
        var body = await Sample.BodyAsync(host, "order");
        body["orderType"] = "service";
        foreach (var (name, value) in JsonSerializer.SerializeToNode(changes ?? new { })!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return new(host, await (await host.Administrator.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created));
    }

    public async Task<Guid> VisitAsync(object? more = null) =>
        (await (await Admin.PostAsJsonAsync($"/api/orders/{Id}/visits", more ?? new { visitType = "service", estimatedMinutes = 60 })).JsonAsync(HttpStatusCode.Created))
            .GetProperty("id").GetGuid();

    public Task<JsonElement> ReadAsync() => Admin.ReadAsync($"/api/orders/{Id}");

    public Task<JsonElement> ActAsync(string action, object? body = null) => DoAsync($"orders/{Id}", action, body);

    public Task<JsonElement> VisitActAsync(Guid visit, string action, object? body = null) => DoAsync($"visits/{visit}", action, body);

    /// <summary>Waits until a field has a value: what follows from a command is carried out beside it.</summary>
    public async Task<JsonElement> UntilAsync(string what, string field, string expected)
    {
        var seen = default(JsonElement);
        await host.UntilAsync(TableOf(what), async () => (seen = await Admin.ReadAsync($"/api/{what}")).GetProperty(field).ToString() == expected);
        return seen;
    }

    /// <summary>The table of a path such as <c>orders/{id}</c>, quoted.</summary>
    public static string TableOf(string what) => $"\"{what.Split('/')[0][..^1]}\"";

    private async Task<JsonElement> DoAsync(string what, string action, object? body) =>
        await (await Admin.PostAsJsonAsync($"/api/{what}/actions/{action}", body ?? new { })).JsonAsync();
}
