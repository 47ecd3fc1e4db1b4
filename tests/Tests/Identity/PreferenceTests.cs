using System.Net;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Identity;

/// <summary>What people set of the screen for themselves, and what they share.</summary>
[Collection(HostCollection.Name)]
public sealed class PreferenceTests(RunningHost host)
{
    private const string Path = "/api/me/preferences";

    [Fact]
    public async Task Preferences_OfAPerson_AreSetWholeAndKept_EachVersionOnce()
    {
        using var person = await host.AsRoleAsync("planner");
        using var none = await person.GetAsync(Path);
        var nothing = await none.JsonAsync();
        Assert.Equal(("\"0\"", 0), (none.Headers.ETag!.Tag, nothing.GetProperty("views").GetArrayLength()));
        // What was never set was set at no time.
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (nothing.GetProperty("createdAt").ValueKind, nothing.GetProperty("updatedAt").ValueKind));
        Assert.Equal("normal", nothing.GetProperty("sound").GetString());

        var made = await (await person.PutAsync(Path, "0", Body(View("Rijdt ", "#/kaart?status=rijdt"), View("Dag", "#/dag")))).JsonAsync();
        Assert.InRange(made.GetProperty("createdAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(("Rijdt", 1), (made.GetProperty("views")[0].GetProperty("name").GetString(), made.GetProperty("version").GetInt32()));
        using var folded = await person.PutAsync(Path, "1", new
        {
            views = new[] { View("Dag", "#/dag") }, folds = new[] { new { section = "equipment", isOpen = false } }, sound = "low",
        });
        Assert.Equal("\"2\"", folded.Headers.ETag!.Tag);

        var read = await person.ReadAsync(Path);
        Assert.Equal("Dag", Assert.Single(read.GetProperty("views").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(("normal", "low"), (made.GetProperty("sound").GetString(), read.GetProperty("sound").GetString()));
        Assert.Equal("equipment", Assert.Single(read.GetProperty("folds").EnumerateArray()).GetProperty("section").GetString());
        Assert.Equal(0, (await (await host.AsRoleAsync("planner")).ReadAsync(Path)).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Put_WithoutVersionOrOnAStaleOne_ChangesNothing()
    {
        using var person = await host.AsRoleAsync("viewer");

        await (await person.PutAsync(Path, null, Body())).ProblemAsync(HttpStatusCode.PreconditionRequired);
        await (await person.PutAsync(Path, "3", Body(View("Never", "#/dag")))).ProblemAsync(HttpStatusCode.PreconditionFailed);
        await (await person.PutAsync(Path, "0", Body(View("Mine", "#/dag")))).JsonAsync();
        await (await person.PutAsync(Path, "0", Body(View("Again", "#/dag")))).ProblemAsync(HttpStatusCode.PreconditionFailed);

        Assert.Equal("Mine", (await person.ReadAsync(Path)).GetProperty("views")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{"views":[{"name":"","address":"#/dag"}]}""", "views[0].name")]
    [InlineData("""{"views":[{"name":"A","address":"https://example.nl"}]}""", "views[0].address")]
    [InlineData("""{"views":[{"name":"A","address":"#/dag"},{"name":" a","address":"#/kaart"}]}""", "views")]
    [InlineData("""{"views":[null]}""", "views[0]")]
    [InlineData("""{"folds":[{"section":"A b","isOpen":true}]}""", "folds[0].section")]
    [InlineData("""{"folds":[{"section":"a","isOpen":true},{"section":"a","isOpen":false}]}""", "folds")]
    [InlineData("""{"colour":"red"}""", "colour")]
    [InlineData("""{"views":[{"name":"A","address":"#/dag","key":1}]}""", "views[0].key")]
    public async Task Put_OfWhatIsNoPreference_NamesTheField(string body, string field)
    {
        using var person = await host.AsRoleAsync("viewer");

        using var answer = await person.PutAsync(Path, "0", JsonDocument.Parse(body).RootElement);

        Assert.Contains(await answer.FaultyFieldsAsync(), name => name == field || field.EndsWith(name, StringComparison.Ordinal));
        Assert.Equal(0, (await person.ReadAsync(Path)).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("""{"views":null}""")]
    [InlineData("""{"views":[{"name":null,"address":null}]}""")]
    [InlineData("""{"folds":[{"section":null,"isOpen":true}]}""")]
    [InlineData("""{"sound":"loud"}""")]
    [InlineData("""{"sound":null}""")]
    public async Task Put_WithoutAValue_IsRefused(string body)
    {
        using var person = await host.AsRoleAsync("viewer");

        await (await person.PutAsync(Path, "0", JsonDocument.Parse(body).RootElement)).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Put_OfMoreThanIsKept_IsRefused()
    {
        using var person = await host.AsRoleAsync("viewer");

        using var many = await person.PutAsync(Path, "0", Body([.. Enumerable.Range(0, 41).Select(n => View($"View {n}", "#/dag"))]));
        using var large = await person.PutAsync(Path, "0", Body(View("Long", "#/" + new string('x', 600))));

        Assert.Equal("views", Assert.Single(await many.FaultyFieldsAsync()));
        Assert.Equal("views[0].address", Assert.Single(await large.FaultyFieldsAsync()));
    }

    [Fact]
    public async Task SharedViews_AreSeenByColleagues_AndNotByWhoSeesAPart()
    {
        var name = $"Gedeeld {Guid.NewGuid():n}";
        using var owner = await host.AsRoleAsync("planner");
        using var colleague = await host.AsRoleAsync("manager");
        using var technician = await host.AsRoleAsync("technician", await host.CreateVehicleAsync());
        await (await owner.PutAsync(Path, "0", Body(View(name, "#/orders?werk=vries", isShared: true), View($"{name} eigen", "#/dag")))).JsonAsync();

        var seen = (await colleague.ReadAsync("/api/me/shared-views")).GetProperty("items").EnumerateArray().Where(Named).ToList();

        Assert.Equal(("Test planner", name, "#/orders?werk=vries"), (Text(seen.Single(), "owner"), Text(seen[0], "name"), Text(seen[0], "address")));
        Assert.DoesNotContain((await owner.ReadAsync("/api/me/shared-views")).GetProperty("items").EnumerateArray(), Named);
        Assert.Empty((await technician.ReadAsync("/api/me/shared-views")).GetProperty("items").EnumerateArray());
        using var refused = await technician.PutAsync(Path, "0", Body(View("Mine", "#/dag"), View("Ours", "#/dag?x", isShared: true)));
        Assert.Equal("views[1].isShared", Assert.Single(await refused.FaultyFieldsAsync()));
        // What it says is nobody else's: the change tells only that there was one.
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE data::text LIKE '%{name}%'"));

        bool Named(JsonElement view) => Text(view, "name").StartsWith(name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_HasNoPreferences()
    {
        using var program = await host.WithKeyAsync("vehicles.read");

        await (await program.GetAsync(Path)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await program.PutAsync(Path, "0", Body())).ProblemAsync(HttpStatusCode.Forbidden);
        await (await program.GetAsync("/api/me/shared-views")).ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static string Text(JsonElement view, string name) => view.GetProperty(name).GetString()!;

    private static object Body(params object[] views) => new { views };

    private static object View(string name, string address, bool isShared = false) => new { name, address, isShared };
}
