using System.Text.Json;
using ChargeCars.Relations.Places;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Relations.Addresses.Pdok;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>Places over HTTP: by the register, and by PDOK where none is loaded.</summary>
public sealed class PlaceApiTests : IAsyncLifetime
{
    private StandInPdok _pdok = null!;
    private RunningHost _host = null!;

    public async Task InitializeAsync()
    {
        _pdok = await StandInPdok.StartAsync();
        _host = new() { Configuration = [$"--ChargeCars:Addresses:Pdok:Address={_pdok.Address}", "--ChargeCars:Places:UsePdok=true"] };
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _pdok.DisposeAsync();
    }

    [Fact]
    public async Task Places_ByPdokFirst_ThenByTheRegisterThatWasLoaded()
    {
        _pdok.Add("Dorpsstraat", 14, "D", "1");
        const string At = "/api/places/reverse?latitude=52.03061&longitude=5.09982";

        var place = (await _host.Administrator.ReadAsync(At)).GetProperty("place");
        Assert.Equal(("Dorpsstraat", "14D-1", "pdok"), (place.GetProperty("street").GetString(), place.GetProperty("houseNumber").GetString(), place.GetProperty("source").GetString()));
        // To ten metres, and once for a place.
        await _host.Administrator.ReadAsync("/api/places/reverse?latitude=52.03062&longitude=5.09981");
        Assert.Contains("lat=52.0306&lon=5.0998&type=adres&distance=300&rows=1", Assert.Single(_pdok.Requests), StringComparison.Ordinal);
        var found = (await _host.Administrator.ReadAsync("/api/places?q=dorpsstraat%2014%20nieuwegein&limit=3")).GetProperty("items");
        Assert.Equal("3435RA", Assert.Single(found.EnumerateArray()).GetProperty("postalCode").GetString());

        await new PlaceLoader(_host.Database.DataSource, TimeProvider.System).LoadAsync(Register.Rows("Hilversum"), "test", static _ => { }, CancellationToken.None);
        var asked = _pdok.Requests.Count;
        place = (await _host.Administrator.ReadAsync("/api/places/reverse?latitude=52.2001&longitude=5.1005")).GetProperty("place");
        Assert.Equal(("Neuweg", "5", "bag"), (place.GetProperty("street").GetString(), place.GetProperty("houseNumber").GetString(), place.GetProperty("source").GetString()));
        // Where a van is in a field stays here.
        Assert.Equal(JsonValueKind.Null, (await _host.Administrator.ReadAsync("/api/places/reverse?latitude=52.4&longitude=5.3")).GetProperty("place").ValueKind);
        Assert.Equal("Hilversum", (await _host.Administrator.ReadAsync("/api/places?q=neuweg%203")).GetProperty("items")[0].GetProperty("town").GetString());
        Assert.Equal(asked, _pdok.Requests.Count);
    }

    [Fact]
    public async Task Pdok_ThatDoesNotAnswer_MakesNoNameAndNoFault()
    {
        _pdok.Refusal = (500, "{}");

        Assert.Equal(JsonValueKind.Null, (await _host.Administrator.ReadAsync("/api/places/reverse?latitude=52.1&longitude=5.1")).GetProperty("place").ValueKind);
        Assert.Empty((await _host.Administrator.ReadAsync("/api/places?q=kerkstraat")).GetProperty("items").EnumerateArray());
    }
}
