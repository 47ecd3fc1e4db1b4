using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Changes;
using ChargeCars.Money.Numbering;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>The grain in a silo: interleaving calls, and voiding.</summary>
public sealed class NumberSequenceGrainTests : NumberTest
{
    private static readonly CommandContext Context = new(Guid.Empty, new(ActorKind.User, Guid.Empty, "auditor@chargecars.local"));

    private InProcessTestCluster _cluster = null!;

    private INumberSequenceGrain Grain => _cluster.Client.GetGrain<INumberSequenceGrain>(NumberHost.Invoices.ToString());

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams(StreamNames.Provider);
            silo.AddMemoryGrainStorage(StreamNames.SubscriptionStorage);
            silo.Services.AddSingleton(Database.DataSource);
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.AddOptions<GroupCommitOptions>();
            silo.Services.AddSingleton<ChangePublisher>();
            silo.Services.AddSingleton<DueSignal>();
            silo.Services.AddSingleton<GroupCommit>();
            silo.Services.AddHostedService(services => services.GetRequiredService<GroupCommit>());
            silo.Services.AddNumbers();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Next_ManyCallersAtOnce_AreServedByFewCommits()
    {
        var results = await Task.WhenAll(Owners(640).Select(owner => Grain.NextAsync(owner, New())));

        Assert.Equal(Enumerable.Range(1, 640), results.Select(result => result.Value!.Sequence).Order());
        await AssertGaplessAsync(2026, 640);
        Assert.InRange(await ScalarAsync<int>("SELECT count(*) FROM audit_log"), 1, 200);
    }

    [Fact]
    public async Task Void_GivenNumber_StaysOnRecordWithItsReason()
    {
        var number = (await Grain.NextAsync(Guid.NewGuid(), New())).Value!;

        var voided = await Grain.VoidAsync(number.Number, "order cancelled", New());
        var again = await Grain.VoidAsync(number.Number, "another reason", New());

        Assert.Equal("order cancelled", voided.Value!.VoidReason);
        Assert.Equal(voided.Value, again.Value);
        Assert.Equal("auditor@chargecars.local", await ScalarAsync<string>("SELECT voided_by->>'name' FROM number_assignment"));
        Assert.Equal(1, await ScalarAsync<int>("SELECT count(*) FROM change_event WHERE type = 'number_sequence.number_voided'"));
        Assert.Equal(1, await ScalarAsync<int>("SELECT count(*) FROM audit_log WHERE table_name = 'number_assignment'"));
    }

    [Fact]
    public async Task Next_OwnerOfAVoidedNumber_IsToldToUseANewId()
    {
        var owner = Guid.NewGuid();
        await Grain.VoidAsync((await Grain.NextAsync(owner, New())).Value!.Number, "order cancelled", New());

        var refused = await Grain.NextAsync(owner, New());
        var other = await Grain.NextAsync(Guid.NewGuid(), New());

        Assert.Equal("number_voided", Assert.IsType<Conflict>(refused.Error).Code);
        Assert.Equal(2, other.Value!.Sequence);
    }

    [Theory]
    [InlineData("CC-INV-2026-00009")]
    [InlineData("\0")]
    public async Task Void_UnknownNumber_IsNotFound(string number) =>
        Assert.IsType<NotFound>((await Grain.VoidAsync(number, "why not", New())).Error);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\0")]
    public async Task Void_WithoutAReason_NamesTheField(string reason) =>
        Assert.Contains("reason", Assert.IsType<Invalid>((await Grain.VoidAsync("CC-INV-2026-00001", reason, New())).Error).Fields.Keys);

    [Fact]
    public async Task Void_WithNothing_NamesBothFields() =>
        Assert.Equal(["number", "reason"], Assert.IsType<Invalid>((await Grain.VoidAsync("", "", New())).Error).Fields.Keys.Order());

    [Fact]
    public async Task Lists_OfSequencesAndNumbers_ShowWhoGotWhich()
    {
        var owners = Owners(3);
        foreach (var owner in owners)
        {
            await Grain.NextAsync(owner, New());
        }

        await Grain.VoidAsync("CC-INV-2026-00002", "order cancelled", New());
        var lists = new NumberLists(Database.DataSource);
        var sequences = await lists.SequencesAsync(NumberLists.Sequences.Parse([]).Value!, null, CancellationToken.None);
        var unseen = await lists.SequencesAsync(NumberLists.Sequences.Parse([]).Value!, [BusinessEntity.Ratioshop], CancellationToken.None);
        var first = await NumbersAsync(lists, ("limit", "2"));
        var second = await NumbersAsync(lists, ("limit", "2"), ("cursor", first.NextCursor!));
        var voided = await NumbersAsync(lists, ("voided", "true"));

        Assert.Equal(3, Assert.Single(sequences.Items).CurrentSequence);
        Assert.Empty(unseen.Items);
        Assert.Equal(owners, first.Items.Concat(second.Items).Select(number => number.OwnerId));
        Assert.Null(second.NextCursor);
        Assert.Equal("order cancelled", Assert.Single(voided.Items).VoidReason);
    }

    private static Task<Page<NumberAssignment>> NumbersAsync(NumberLists lists, params (string Name, string Value)[] parameters)
    {
        var query = NumberLists.Numbers.Parse(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        return lists.NumbersAsync(NumberHost.Invoices, 2026, query.Value!, CancellationToken.None);
    }

    private static CommandContext New() => Context with { CommandId = Guid.NewGuid() };
}
