using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>Bodies for every kind, out of the examples that the documentation shows.</summary>
internal static class Sample
{
    // What must differ between two rows of a kind.
    private static readonly Dictionary<string, (string Field, Func<string> Value)> Unique = new()
    {
        ["product"] = ("sku", () => $"SKU-{Guid.NewGuid():n}"[..20]),
        ["installed_charger"] = ("serialNumber", () => $"SN-{Guid.NewGuid():n}".ToUpperInvariant()),
        ["business_phone_number"] = ("aircallId", () => $"{Guid.NewGuid():n}"),
        ["message_template"] = ("name", () => $"Template {Guid.NewGuid():n}"),
        ["communication_channel"] = ("address", () => $"{Guid.NewGuid():n}@example.nl"),
    };

    public static IEntityRoutes Of(RunningHost host, string table) => host.Services.GetServices<IEntityRoutes>().Single(kind => kind.Table == table);

    /// <summary>A sound body for a new row, whose references name rows that are made for it.</summary>
    public static async Task<JsonObject> BodyAsync(RunningHost host, string table)
    {
        var kind = Of(host, table);
        var body = JsonSerializer.SerializeToNode(kind.Example, kind.Example.GetType(), RowJson.Client)!.AsObject();
        foreach (var name in body.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            body.Remove(name);
        }

        foreach (var reference in kind.ExampleReferences.Where(reference => reference.Id is not null))
        {
            body[reference.Field] = await ReferredAsync(host, reference.Table);
        }

        if (table == "order")
        {
            // Where the work is done belongs to the customer.
            var address = await BodyAsync(host, "address");
            address["entityId"] = body["customerOrganizationId"]!.DeepClone();
            using var made = await host.Administrator.PostAsJsonAsync("/api/addresses", address);
            body["installationAddressId"] = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }

        if (Unique.TryGetValue(table, out var unique))
        {
            body[unique.Field] = unique.Value();
        }

        return body;
    }

    /// <summary>What a new row is made of: JSON, and for a file a form with the file.</summary>
    public static async Task<HttpContent> ContentAsync(RunningHost host, string table)
    {
        if (table != "attachment")
        {
            return JsonContent.Create(await BodyAsync(host, table));
        }

        return new MultipartFormDataContent
        {
            { new StringContent("order"), "entityType" }, { new StringContent($"{await CreateAsync(host, "order")}"), "entityId" },
            { new StringContent("Offerte"), "file", "offerte.txt" },
        };
    }

    /// <summary>What a reader of a kind needs besides its own permission: a file is read by who reads what it belongs to.</summary>
    public static string[] PermissionsFor(RunningHost host, string table) => table == "attachment" ? [Of(host, table).Read, "orders.read"] : [Of(host, table).Read];

    /// <summary>A new row's id.</summary>
    public static async Task<Guid> CreateAsync(RunningHost host, string table)
    {
        using var answer = await host.Administrator.PostAsync(await ListOfAsync(host, table), await ContentAsync(host, table));
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    /// <summary>Where a kind's rows are made: a visit is its order's.</summary>
    public static async Task<string> ListOfAsync(RunningHost host, string table) =>
        table == "visit" ? $"/api/orders/{await CreateAsync(host, "order")}/visits" : Of(host, table).Route;

    private static async Task<Guid> ReferredAsync(RunningHost host, string table) => table switch
    {
        "business_entity" => await host.ScalarAsync<Guid>("SELECT id FROM business_entity ORDER BY entity_code LIMIT 1"),
        "vehicle" => await host.CreateVehicleAsync(),
        _ => await CreateAsync(host, table),
    };
}
