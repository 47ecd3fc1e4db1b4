using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Platform.Audit;

[Collection(HostCollection.Name)]
public sealed class AuditApiTests(RunningHost host)
{
    [Fact]
    public async Task History_OfAVehicle_IsEveryChangeTheNewestFirst()
    {
        var vehicle = await host.CreateVehicleAsync();
        using var drive = await host.Administrator.PostAsJsonAsync($"/api/vehicles/{vehicle}/actions/drive", new { reason = "to the depot" });
        using var patched = await host.Administrator.MergePatchAsync($"/api/vehicles/{vehicle}", "2", """{"vehicleName":"Bus 9","mileageKm":12}""");
        patched.EnsureSuccessStatusCode();

        var rows = await AllAsync($"tableName=vehicle&recordId={vehicle}&limit=2");

        Assert.Equal(["UPDATE", "STATUS_CHANGE", "CREATE"], rows.Select(row => row.GetProperty("action").GetString()));
        Assert.Equal([3, 2, 1], rows.Select(row => row.GetProperty("version").GetInt32()));
        Assert.Equal("""{"mileageKm":null,"vehicleName":null}""", Sorted(rows[0].GetProperty("oldValues")));
        Assert.Equal("""{"mileageKm":12,"vehicleName":"Bus 9"}""", Sorted(rows[0].GetProperty("newValues")));
        Assert.Equal("to the depot", rows[1].GetProperty("changeSummary").GetString());
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("oldValues").ValueKind);
        Assert.All(rows, row => Assert.Equal(("admin@example.nl", "user"), (row.GetProperty("changedBy").GetString(), row.GetProperty("actor").GetProperty("kind").GetString())));
    }

    [Fact]
    public async Task Filters_ByWhoAndWhen_Narrow()
    {
        using var key = await host.WithKeyAsync(new { name = $"key {Guid.NewGuid():N}", permissions = new[] { "vehicles.write", "audit.read" } });
        using var created = await key.PostAsJsonAsync("/api/vehicles", new { licensePlate = $"T-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "car" });
        var vehicle = (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var row = Assert.Single(await AllAsync($"recordId={vehicle}"));
        var (who, name) = (row.GetProperty("actor").GetProperty("id").GetString(), row.GetProperty("changedBy").GetString());
        var at = row.GetProperty("createdAt").GetString();

        Assert.Single(await AllAsync($"changedBy={who}"));
        Assert.Single(await AllAsync($"changedBy={Uri.EscapeDataString(name!)}&from={at}"));
        Assert.Empty(await AllAsync($"changedBy={who}&to={at}"));
        Assert.Empty(await AllAsync($"changedBy={who}&tableName=order"));
        Assert.Single((await key.ReadAsync($"/api/audit?changedBy={who}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Export_OfMoreThanAPage_IsWholeAndEachOnce()
    {
        var record = Guid.NewGuid();
        await using (var insert = host.Database.DataSource.CreateCommand(
            "INSERT INTO audit_log (id, table_name, record_id, action, change_summary, created_at) SELECT gen_random_uuid(), 'note', $1, 'UPDATE', '=1+' || n, now() - n * interval '1 second' FROM generate_series(1, 1203) n"))
        {
            insert.Parameters.AddWithValue(record);
            await insert.ExecuteNonQueryAsync();
        }

        var lines = (await host.Administrator.GetStringAsync($"/api/audit/export?recordId={record}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        using var csv = await host.Administrator.GetAsync($"/api/audit/export?recordId={record}&format=csv");
        var rows = (await csv.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Enumerable.Range(1, 1203).Select(n => $"=1+{n}"), lines.Select(line => line.GetProperty("changeSummary").GetString()));
        Assert.Equal(1203, lines.Select(line => line.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("Id,CreatedAt,TableName,RecordId,Action", rows[0], StringComparison.Ordinal);
        Assert.Equal(1204, rows.Length);
        // What a spreadsheet would run is only shown.
        Assert.Contains("'=1+1", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_OfGeofenceEvents_HaveThePlaceOnlyForWhoMaySeePositions()
    {
        var record = Guid.NewGuid();
        // With more decimals than a time has, so that no time can be taken for the place.
        await host.ExecuteAsync($$"""
            INSERT INTO audit_log (id, table_name, record_id, action, new_values, created_at)
            VALUES (gen_random_uuid(), 'geofence_event', '{{record}}', 'CREATE', '{"event_type":"entered","latitude":52.09073711,"longitude":5.12142019}', now())
            """);
        using var auditor = await host.WithKeyAsync("audit.read");
        using var both = await host.WithKeyAsync("audit.read", "positions.read");

        Assert.Equal("""{"eventType":"entered","latitude":null,"longitude":null}""", await ListedAsync(auditor));
        Assert.Equal("""{"eventType":"entered","latitude":52.09073711,"longitude":5.12142019}""", await ListedAsync(both));
        foreach (var format in new[] { "csv", "ndjson" })
        {
            Assert.DoesNotContain("52.09073711", await auditor.GetStringAsync($"/api/audit/export?recordId={record}&format={format}"), StringComparison.Ordinal);
            Assert.Contains("52.09073711", await both.GetStringAsync($"/api/audit/export?recordId={record}&format={format}"), StringComparison.Ordinal);
        }

        async Task<string> ListedAsync(HttpClient client) =>
            Sorted(Assert.Single((await client.ReadAsync($"/api/audit?recordId={record}")).GetProperty("items").EnumerateArray()).GetProperty("newValues"));
    }

    [Theory]
    [InlineData("format=xml", "format")]
    [InlineData("limit=10", "limit")]
    [InlineData("from=yesterday", "from")]
    public async Task Export_BadQuery_NamesTheParameter(string query, string field)
    {
        using var answer = await host.Administrator.GetAsync($"/api/audit/export?{query}");

        Assert.Equal([field], await answer.FaultyFieldsAsync());
    }

    [Theory]
    [InlineData("recordId=7", "recordId")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-01-01", "to")]
    [InlineData("table=vehicle", "table")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=x", "cursor")]
    public async Task List_BadQuery_NamesTheParameter(string query, string field)
    {
        using var answer = await host.Administrator.GetAsync($"/api/audit?{query}");

        Assert.Equal([field], await answer.FaultyFieldsAsync());
    }

    [Fact]
    public async Task List_WithoutThePermissionOrWithAScope_IsClosed()
    {
        using var stranger = await host.WithKeyAsync("vehicles.read");
        using var limited = await host.WithKeyAsync(new { name = "limited", permissions = new[] { "audit.read" }, businessEntities = new[] { "chargecars" } });

        await (await stranger.GetAsync("/api/audit")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await limited.GetAsync("/api/audit")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await host.Administrator.DeleteAsync("/api/audit", null)).ProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    private static string Sorted(JsonElement json) =>
        "{" + string.Join(',', json.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"\"{field.Name}\":{field.Value.GetRawText()}")) + "}";

    private async Task<List<JsonElement>> AllAsync(string query)
    {
        var (rows, next) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await host.Administrator.ReadAsync($"/api/audit?{query}{(next is null ? "" : $"&cursor={next}")}");
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("nextCursor").GetString();
        }
        while (next is not null);
        return rows;
    }
}
