using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Places;
using ChargeCars.Silo.Places;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>The register is loaded by a command, and says where a van stands and what an address means; PDOK does where that is configured.</summary>
public sealed class PlaceTests
{
    [Fact]
    public async Task Register_LoadedByTheCommand_NamesPlacesAndFindsAddresses()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var said = await LoadAsync(database, Register.Rows("Hilversum", "Baarn"), "no,address,at,all,x,y");
        var places = new PlaceQueries(database.DataSource);

        Assert.Contains("1,600 addresses in 16 streets", said, StringComparison.Ordinal);
        Assert.Contains("1 lines were left out", said, StringComparison.Ordinal);
        // 20 metres from number 40.
        var near = await places.NearestAsync(52.20015, 5.1040, CancellationToken.None);
        Assert.Equal(("Neuweg", "40", "Hilversum", "bag"), (near!.Street, near.HouseNumber, near.Town, near.Source));
        Assert.Null(await places.NearestAsync(52.3, 5.1, CancellationToken.None));
        Assert.Equal("Neuweg 12A Hilversum", await FirstAsync(places, "neuweg 12 hilv"));
        Assert.Equal("Neuweg 12A Hilversum", await FirstAsync(places, "Neuweg 12a hilversum"));
        Assert.Equal("Neuweg 14 Baarn", await FirstAsync(places, "neuweg 14 baarn"));
        Assert.Equal("1e Jan Steenstraat 7 Baarn", await FirstAsync(places, "1e jan steenstr 7 baarn"));
        Assert.Equal("Curaçaostraat  Hilversum", await FirstAsync(places, "curacaostraat hilversum"));
        Assert.Equal("Kerkstraat 31 Hilversum", await FirstAsync(places, "1211 BB 31"));
        Assert.Equal("Neuweg", (await places.FindAsync("neuweg", 3, CancellationToken.None))[1].Street);
        Assert.Empty(await places.FindAsync("nergens 1", 5, CancellationToken.None));
        Assert.Empty(await places.FindAsync("%_~", 5, CancellationToken.None));
    }

    [Fact]
    public async Task Register_LoadedAgain_TakesThePlaceOfTheOneBefore_AndLeavesNothingBehind()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await LoadAsync(database, Register.Rows("Hilversum"));
        await LoadAsync(database, Register.Rows("Ede"));
        var places = new PlaceQueries(database.DataSource);

        Assert.Equal("Ede", (await places.NearestAsync(52.2, 5.1005, CancellationToken.None))!.Town);
        Assert.Empty(await places.FindAsync("neuweg hilversum", 5, CancellationToken.None));
        Assert.Equal("2 2 1", await database.ScalarAsync("""
            SELECT concat_ws(' ', (SELECT count(*) FROM pg_class WHERE relname ~ '^place_(street|address)_[0-9]+$' AND relkind = 'r'),
                (SELECT max(id) FROM place_extract), (SELECT count(*) FROM place_extract))
            """));
    }

    [Fact]
    public async Task File_ThatIsAnotherThanItSeems_ChangesNothing()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await LoadAsync(database, Register.Rows("Hilversum"));

        var fault = await Assert.ThrowsAsync<StartupException>(() => LoadAsync(database, Register.Rows("Ede").Take(50), [.. Enumerable.Repeat("a,b,c,d,e,f", 10)]));
        var empty = await Assert.ThrowsAsync<StartupException>(() => LoadAsync(database, []));
        await Assert.ThrowsAsync<StartupException>(() => PlacesCommand.RunAsync(["load", "/nowhere.csv"], TextWriter.Null, CancellationToken.None));
        await Assert.ThrowsAsync<StartupException>(() => PlacesCommand.RunAsync(["unload"], TextWriter.Null, CancellationToken.None));
        await LoadAsync(database, Register.Rows("Baarn"));

        Assert.Contains("10 lines are no addresses and 50 are", fault.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was loaded", empty.Message, StringComparison.Ordinal);
        // What the refused one left is gone with the next.
        Assert.Equal(2L, await database.ScalarAsync("SELECT count(*) FROM pg_class WHERE relname ~ '^place_(street|address)_[0-9]+$' AND relkind = 'r'"));
    }

    [Fact]
    public async Task Reading_WhileAnotherIsLoaded_GoesOn()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await LoadAsync(database, Register.Rows("Hilversum"));
        var places = new PlaceQueries(database.DataSource);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var loading = Task.Run(() => new PlaceLoader(database.DataSource, TimeProvider.System).LoadAsync(Register.Rows("Ede"), "test", _ =>
        {
            reached.SetResult();
            goOn.Task.Wait();
        }, CancellationToken.None));
        await reached.Task;

        Assert.Equal("Hilversum", (await places.NearestAsync(52.2, 5.1005, CancellationToken.None))!.Town);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            new PlaceLoader(database.DataSource, TimeProvider.System).LoadAsync(Register.Rows("Baarn"), "test", static _ => { }, CancellationToken.None));
        goOn.SetResult();
        await loading;

        Assert.Equal("Ede", (await places.NearestAsync(52.2, 5.1005, CancellationToken.None))!.Town);
    }

    /// <summary>Over all rows and by the index, in any number of them.</summary>
    [Fact]
    public async Task Nearest_IsFoundByItsIndex()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await LoadAsync(database, Register.Rows([.. Enumerable.Range(0, 12).Select(n => $"Town {n}")]));
        await using var explain = database.DataSource.CreateCommand("EXPLAIN SELECT * FROM place_address ORDER BY plane <-> point(3.13, 52.2) LIMIT 1");
        var plan = new List<string>();
        await using (var row = await explain.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                plan.Add(row.GetString(0));
            }
        }

        Assert.Contains(plan, line => line.Contains("Index Scan using place_address_", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
    }

    private static async Task<string> FirstAsync(PlaceQueries places, string text) =>
        (await places.FindAsync(text, 5, CancellationToken.None)) is [var first, ..] ? $"{first.Street} {first.HouseNumber} {first.Town}" : "nothing";

    private static async Task<string> LoadAsync(TestDatabase database, IEnumerable<PlaceRow> rows, params string[] more)
    {
        var file = await Register.FileAsync(rows, more);
        try
        {
            await using var output = new StringWriter();
            await PlacesCommand.RunAsync(["load", file, $"--ConnectionStrings:ChargeCars={database.ConnectionString}"], output, CancellationToken.None);
            return output.ToString();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
