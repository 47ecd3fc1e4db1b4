using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>
/// Every field that an editor may set, of every kind, with values of its type that can't be kept: each is refused by the field's
/// name, and nothing of it is stored.
/// </summary>
[Collection(HostCollection.Name)]
public sealed class BadInputTests(RunningHost host)
{
    // An override, an isolate and a mark of direction; control characters; half a character.
    private static readonly string[] Deceiving = ["a\u202Eb", "a\u2066b", "a\u200Fb", "a\u061Cb", "a\u0000b", "a\u0007b", "a\u001Bb", "a\u009Fb"];

    public static TheoryData<string> Kept =>
        [.. Kinds.All.Values.Where(kind => kind.Details is not null && kind.Table.Table != "user_preference").Select(kind => kind.Table.Table).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Field_WithAValueThatCannotBeKept_IsRefusedByItsName(string table)
    {
        var (route, id) = await MakeAsync(table);
        using var read = await host.Administrator.GetAsync($"{route}/{id}");
        var before = (await read.JsonAsync()).GetRawText();
        var version = read.Headers.ETag!.Tag.Trim('"');
        var (faults, asked) = (new List<string>(), 0);
        foreach (var property in Kinds.All[table].Details!.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var field = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            foreach (var value in BadValues(property.PropertyType))
            {
                var patch = $"{{\"{field}\":{value}}}";
                using var answer = await host.Administrator.MergePatchAsync($"{route}/{id}", version, patch);
                asked++;
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.BadRequest || !FaultsOf(text).Any(name => name == field || name.StartsWith($"{field}.", StringComparison.Ordinal) || name.StartsWith($"{field}[", StringComparison.Ordinal)))
                {
                    faults.Add($"{table} {patch}: {(int)answer.StatusCode} {text}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > 0, table);
        using var after = await host.Administrator.GetAsync($"{route}/{id}");
        Assert.Equal(before, (await after.JsonAsync()).GetRawText());
    }

    /// <summary>What an editor can't set is not ignored but refused, whatever it is.</summary>
    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Field_ThatAnEditorCannotSet_IsRefusedByItsName(string table)
    {
        var (route, id) = await MakeAsync(table);
        using var read = await host.Administrator.GetAsync($"{route}/{id}");
        var version = read.Headers.ETag!.Tag.Trim('"');
        var kind = Kinds.All[table];
        var editable = kind.Details!.GetProperties().Select(property => property.Name).ToHashSet();
        var faults = new List<string>();
        foreach (var property in kind.State.GetProperties().Where(property => property.CanWrite && !editable.Contains(property.Name)))
        {
            var field = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            using var answer = await host.Administrator.MergePatchAsync($"{route}/{id}", version, $"{{\"{field}\":null}}");
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.BadRequest || !text.Contains(field, StringComparison.Ordinal))
            {
                faults.Add($"{table}.{field}: {(int)answer.StatusCode} {text}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<string> BadValues(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(string) => [.. Deceiving.Select(Json), Json(new string('x', 100_001)), "\"\\ud83d\"", "7", "[]"],
            _ when bare == typeof(bool) => ["\"yes\"", "1"],
            _ when bare == typeof(int) => ["99999999999", "-1", "1.5", "\"x\""],
            _ when bare == typeof(decimal) => ["99999999999.99", "1.23456", "\"x\"", "1e40"],
            _ when bare == typeof(double) => ["1e400", "\"x\"", "-1e9", "1e9"],
            _ when bare == typeof(Guid) => ["\"x\"", "7", $"\"{Guid.NewGuid()}\""],
            // PostgreSQL keeps the first and the last of .NET's days and moments as minus infinity and infinity.
            _ when bare == typeof(DateOnly) => ["\"0001-01-01\"", "\"9999-12-31\"", "\"1899-12-31\"", "\"2026-02-30\"", "\"x\""],
            _ when bare == typeof(DateTimeOffset) =>
            [
                "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"2026-02-30T00:00:00Z\"", "\"x\"",
            ],
            _ when bare.IsEnum => ["\"no_such_word\"", "0", "\"\""],
            _ when bare == typeof(RawJson) => ["\"x\"", "7", "[]", "true", "{\"a\":\"b\\u0000\"}", "{\"a\":[{\"b\\u0000\":1}]}", $"{{\"a\":{Json(new string('x', 20_001))}}}"],
            _ when typeof(IEnumerable<string>).IsAssignableFrom(bare) => [.. Deceiving.Select(text => $"[{Json(text)}]"), "\"x\"", "[7]", "[null]"],
            _ => ["\"x\"", "7"],
        };
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static IEnumerable<string> FaultsOf(string text) =>
        JsonNode.Parse(text)?["errors"] is JsonObject errors ? errors.Select(error => error.Key) : [];

    private async Task<(string Route, Guid Id)> MakeAsync(string table) => table switch
    {
        "vehicle" => ("/api/vehicles", await host.CreateVehicleAsync()),
        "user_role" => ("/api/roles", await MadeAsync("/api/roles", new { roleName = $"b_{Guid.NewGuid():n}" })),
        "business_entity" => (Sample.Of(host, table).Route, await host.ScalarAsync<Guid>("SELECT id FROM business_entity ORDER BY entity_code LIMIT 1")),
        _ => (Sample.Of(host, table).Route, await Sample.CreateAsync(host, table)),
    };

    private async Task<Guid> MadeAsync(string route, object body)
    {
        using var answer = await host.Administrator.PostAsJsonAsync(route, body);
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
