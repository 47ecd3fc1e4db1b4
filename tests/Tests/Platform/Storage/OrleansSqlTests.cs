using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace ChargeCars.Tests.Platform.Storage;

/// <summary>Our statements for Orleans, through the real providers in a real silo.</summary>
public sealed class OrleansSqlTests(OrleansSqlSilo silo) : IClassFixture<OrleansSqlSilo>
{
    private const string StateName = "counter";

    private readonly MigrationDatabase _database = silo.Database;

    private IGrainStorage Storage => silo.Host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    private IGrainStorage Deleting => silo.Host.Services.GetRequiredKeyedService<IGrainStorage>("deleting");

    private IReminderTable Reminders => silo.Host.Services.GetRequiredService<IReminderTable>();

    private IMembershipTable Members => silo.Host.Services.GetRequiredService<IMembershipTable>();

    private SiloAddress Self => silo.Host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    [Fact]
    public async Task Grain_AfterItsActivationIsGone_ReadsWhatItWrote()
    {
        var grain = NewGrain("cursor/written");
        Assert.Equal(0, await grain.Read());

        await grain.Write(7);
        await grain.Write(8);
        await grain.Deactivate();

        Assert.Equal(8, await grain.Read());
        Assert.Equal(
            """{"Value":8}""",
            await _database.ScalarAsync<string>("""
                SELECT convert_from(payloadbinary, 'UTF8') FROM orleans.orleansstorage
                WHERE grainidextensionstring = 'cursor/written'
                """));
    }

    [Fact]
    public async Task Grain_AfterItCleared_WritesAgain()
    {
        var grain = NewGrain("cursor/cleared");
        await grain.Write(7);

        await grain.Clear();
        await grain.Deactivate();
        Assert.Equal(0, await grain.Read());
        await grain.Write(9);
        await grain.Deactivate();

        Assert.Equal(9, await grain.Read());
    }

    [Theory]
    [InlineData("guid")]
    [InlineData("integer")]
    [InlineData("string")]
    [InlineData("compound")]
    public async Task Storage_ForEachKindOfKey_KeepsItsOwnRow(string kind)
    {
        var type = GrainType.Create("counter");
        var guid = Guid.CreateVersion7();
        GrainId Id(int n) => kind switch
        {
            "guid" => GrainId.Create(type, GrainIdKeyExtensions.CreateGuidKey(n == 1 ? guid : Guid.Empty)),
            "integer" => GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(n - 1)),
            "string" => GrainId.Create(type, $"key/{n}"),
            _ => GrainId.Create(type, GrainIdKeyExtensions.CreateGuidKey(guid, $"extension {n}")),
        };
        await Storage.WriteStateAsync(StateName, Id(1), State(1));
        await Storage.WriteStateAsync(StateName, Id(2), State(2));
        var other = new GrainState<CounterState>();
        await Storage.ReadStateAsync(StateName, Id(1), other);
        var read = new GrainState<CounterState>();
        await Storage.ReadStateAsync(StateName, Id(2), read);

        Assert.Equal((1, "1", true), (other.State!.Value, other.ETag, other.RecordExists));
        Assert.Equal((2, "1", true), (read.State!.Value, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task Storage_WithAStaleETag_ThrowsAndKeepsTheRow()
    {
        var id = NewId();
        var first = State(1);
        await Storage.WriteStateAsync(StateName, id, first);
        var stale = State(3);
        stale.ETag = first.ETag;
        first.State = new() { Value = 2 };
        await Storage.WriteStateAsync(StateName, id, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(StateName, id, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(StateName, id, stale));

        var read = new GrainState<CounterState>();
        await Storage.ReadStateAsync(StateName, id, read);
        Assert.Equal((2, "2"), (read.State!.Value, read.ETag));
    }

    [Fact]
    public async Task Storage_WithManyFirstWriters_TakesOneAndRefusesTheOthers()
    {
        var id = NewId();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(
            () => Record.ExceptionAsync(() => Storage.WriteStateAsync(StateName, id, State(n))))));

        Assert.Single(results, error => error is null);
        Assert.All(results.Where(error => error is not null), error => Assert.IsType<InconsistentStateException>(error));
        Assert.Equal(1, await RowsAsync(id));
    }

    [Fact]
    public async Task Storage_WhenCleared_KeepsTheRowAndItsVersionGoesOn()
    {
        var id = NewId();
        var state = State(1);
        await Storage.WriteStateAsync(StateName, id, state);

        await Storage.ClearStateAsync(StateName, id, state);

        Assert.Equal(("2", false), (state.ETag, state.RecordExists));
        state.State = new() { Value = 5 };
        await Storage.WriteStateAsync(StateName, id, state);
        Assert.Equal("3", state.ETag);
        Assert.Equal(1, await RowsAsync(id));
    }

    [Fact]
    public async Task Storage_WhenClearedByDeletion_HasNoRowAndTakesAFirstWrite()
    {
        var id = NewId();
        var state = State(1);
        await Deleting.WriteStateAsync(StateName, id, state);
        var stale = State(1);
        stale.ETag = "9";
        await Assert.ThrowsAsync<InconsistentStateException>(() => Deleting.ClearStateAsync(StateName, id, stale));

        await Deleting.ClearStateAsync(StateName, id, state);

        Assert.Equal(0, await RowsAsync(id));
        await Deleting.WriteStateAsync(StateName, id, state);
        Assert.Equal("1", state.ETag);
    }

    [Fact]
    public async Task Reminder_OfAGrain_IsRegisteredReadAndUnregistered()
    {
        var grain = NewGrain("order/1");

        await grain.Remind("sla", TimeSpan.FromMinutes(5));
        await grain.Remind("sla", TimeSpan.FromDays(40));
        Assert.Equal(["sla"], await grain.Reminders());
        Assert.Equal(
            [$"sla {TimeSpan.FromDays(40).TotalMilliseconds}"],
            await _database.LinesAsync("SELECT remindername || ' ' || period FROM orleans.orleansreminderstable WHERE remindername = 'sla' AND period > 60000"));

        await grain.Forget("sla");
        Assert.Empty(await grain.Reminders());
    }

    [Fact]
    public async Task ReminderTable_WithAStaleETag_KeepsTheReminder()
    {
        var id = NewId();
        var entry = new ReminderEntry
        {
            GrainId = id, ReminderName = "sla", StartAt = DateTime.UtcNow, Period = TimeSpan.FromMinutes(1),
        };
        var first = await Reminders.UpsertRow(entry);
        var second = await Reminders.UpsertRow(entry);

        Assert.NotEqual(first, second);
        Assert.False(await Reminders.RemoveRow(id, "sla", first!));
        Assert.Equal(second, (await Reminders.ReadRow(id, "sla"))!.ETag);
        Assert.True(await Reminders.RemoveRow(id, "sla", second!));
        Assert.Null(await Reminders.ReadRow(id, "sla"));
    }

    [Fact]
    public async Task ReminderTable_ByRange_FindsEachReminderInItsHalfOfTheRing()
    {
        var ids = Enumerable.Range(0, 20).Select(_ => NewId()).ToList();
        foreach (var id in ids)
        {
            await Reminders.UpsertRow(new()
            {
                GrainId = id, ReminderName = "sla", StartAt = DateTime.UtcNow, Period = TimeSpan.FromMinutes(1),
            });
        }

        bool Ours(ReminderEntry reminder) => ids.Contains(reminder.GrainId);
        var low = await Reminders.ReadRows(0, 1u << 31);
        var high = await Reminders.ReadRows(1u << 31, 0);
        var all = await Reminders.ReadRows(0, 0);

        Assert.All(low.Reminders, reminder => Assert.True(reminder.GrainId.GetUniformHashCode() <= 1u << 31));
        Assert.All(high.Reminders, reminder => Assert.True(reminder.GrainId.GetUniformHashCode() > 1u << 31));
        Assert.Equal(20, low.Reminders.Count(Ours) + high.Reminders.Count(Ours));
        Assert.Equal(20, all.Reminders.Count(Ours));
    }

    [Fact]
    public async Task Membership_OfARunningSilo_IsActive()
    {
        var entry = (await Members.ReadRowAsync(Self, CancellationToken.None)).Members.Single().Item1;

        Assert.Equal(SiloStatus.Active, entry.Status);
        Assert.Contains((await Members.ReadAllAsync(CancellationToken.None)).Members, row => row.Item1.SiloAddress == Self);
    }

    [Fact]
    public async Task Membership_OfAnotherSilo_IsInsertedUpdatedAndCleanedUp()
    {
        var started = new DateTime(2026, 3, 2, 12, 0, 0, 123, DateTimeKind.Utc).AddTicks(4560);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 4242, 1),
            SiloName = "other", HostName = "other", Status = SiloStatus.Dead, ProxyPort = 0,
            StartTime = started, IAmAliveTime = started,
        };
        var before = (await Members.ReadAllAsync(CancellationToken.None)).Version;

        Assert.True(await Members.InsertRowAsync(entry, before.Next(), CancellationToken.None));
        Assert.False(await Members.InsertRowAsync(entry, before.Next(), CancellationToken.None));
        var inserted = (await Members.ReadAllAsync(CancellationToken.None)).Version;
        Assert.Equal(before.Version + 1, inserted.Version);
        Assert.False(await Members.InsertRowAsync(entry, inserted.Next(), CancellationToken.None));

        entry.AddSuspector(Self, started);
        Assert.False(await Members.UpdateRowAsync(entry, before.VersionEtag, before.Next(), CancellationToken.None));
        Assert.True(await Members.UpdateRowAsync(entry, inserted.VersionEtag, inserted.Next(), CancellationToken.None));
        entry.IAmAliveTime = started.AddMinutes(1);
        await Members.UpdateIAmAliveAsync(entry, CancellationToken.None);
        var read = (await Members.ReadRowAsync(entry.SiloAddress, CancellationToken.None)).Members.Single().Item1;
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(started, read.StartTime);
        Assert.Single(read.SuspectTimes!);

        await Members.CleanupDefunctSiloEntriesAsync(started, CancellationToken.None);
        Assert.Single((await Members.ReadRowAsync(entry.SiloAddress, CancellationToken.None)).Members);
        await Members.CleanupDefunctSiloEntriesAsync(started.AddHours(1), CancellationToken.None);
        Assert.Empty((await Members.ReadRowAsync(entry.SiloAddress, CancellationToken.None)).Members);
        Assert.Single((await Members.ReadRowAsync(Self, CancellationToken.None)).Members);
    }

    [Fact]
    public async Task Membership_WithManyInsertersOnOneVersion_TakesOne()
    {
        var version = (await Members.ReadAllAsync(CancellationToken.None)).Version;

        var taken = await Task.WhenAll(Enumerable.Range(1, 8).Select(n => Task.Run(() => Members.InsertRowAsync(
            new MembershipEntry
            {
                SiloAddress = SiloAddress.New(IPAddress.Loopback, 4000 + n, n),
                SiloName = "other", HostName = "other", Status = SiloStatus.Dead,
                StartTime = DateTime.UtcNow, IAmAliveTime = DateTime.UtcNow,
            },
            version.Next(),
            CancellationToken.None))));

        Assert.Single(taken, inserted => inserted);
        Assert.Equal(version.Version + 1, (await Members.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task Client_OfTheCluster_FindsItsGateway()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) =
                ("Npgsql", silo.ConnectionString)));
        using var client = builder.Build();
        await client.StartAsync();

        var grain = client.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("cursor/client");
        await grain.Write(3);
        Assert.Equal(3, await grain.Read());

        await client.StopAsync();
    }

    private static GrainId NewId() => GrainId.Create("counter", $"key/{Guid.NewGuid():N}");

    private static GrainState<CounterState> State(int value) => new(new() { Value = value });

    private ICounterGrain NewGrain(string key) =>
        silo.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);

    private Task<long> RowsAsync(GrainId id) => _database.ScalarAsync<long>(
        $"SELECT count(*) FROM orleans.orleansstorage WHERE grainidextensionstring = '{id.Key}'");
}

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Read();

    Task Write(int value);

    Task Clear();

    Task Deactivate();

    Task Remind(string name, TimeSpan period);

    Task Forget(string name);

    Task<List<string>> Reminders();
}

public sealed class CounterState
{
    public int Value { get; set; }
}

public sealed class CounterGrain(
    [PersistentState("counter")] IPersistentState<CounterState> state) : Grain, ICounterGrain, IRemindable
{
    public Task<int> Read() => Task.FromResult(state.State.Value);

    public Task Write(int value)
    {
        state.State.Value = value;
        return state.WriteStateAsync();
    }

    public Task Clear() => state.ClearStateAsync();

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Remind(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, TimeSpan.FromDays(1), period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<List<string>> Reminders() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
