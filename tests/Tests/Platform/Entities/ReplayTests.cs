using System.Text.Json;
using ChargeCars.Orders.Teams;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Platform.Storage;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>The answer to a repeated command is the first answer, parts included, whatever happened to the entity since.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _team = Guid.CreateVersion7();
    private readonly List<(Guid CommandId, Team After)> _answers = [];
    private CommitDatabase _database = null!;
    private EntityStore<Team, TeamKind> _store = null!;

    public async Task InitializeAsync()
    {
        _database = await CommitDatabase.StartAsync();
        _store = new(_database.Source, _database.Commits);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Replay_OfEveryCommand_HasThePartsOfItsTime()
    {
        var last = await MakeAndChangeAsync();

        await AssertReplaysAsync(last);
        Assert.Equal([0, 1, 2, 2, 1, 1], _answers.Select(answer => answer.After.Members.Count));
    }

    /// <summary>The parts went with their entity; the audit has them all the same.</summary>
    [Fact]
    public async Task Replay_AfterTheDeletion_HasThePartsOfItsTime()
    {
        var last = await MakeAndChangeAsync();
        var context = Context();
        Assert.True((await _store.CommitAsync(last, new(null), "Delete", context, Noon.AddHours(1))).Applied);

        await AssertReplaysAsync(null);
        var deletion = await _store.ReplayAsync(_team, context.CommandId, null, CancellationToken.None);
        Assert.Null(deletion!.Value!.State);
    }

    [Fact]
    public async Task Replay_OfAnotherEntitysTime_IsNotMixedIn()
    {
        var last = await MakeAndChangeAsync();
        // In the same moment as a change of the first team, another one loses a member.
        var other = TeamKind.Rows.New(Guid.CreateVersion7(), Noon) with { Name = "another" };
        var (_, made) = await _store.CommitAsync(null, new(other with { Members = [Member(other.Id, await PersonAsync(), 1)] }), "Make", Context(), Noon);
        await _store.CommitAsync(made, new(made! with { Members = [] }), "Empty", Context(), last.UpdatedAt);

        await AssertReplaysAsync(last);
    }

    private async Task AssertReplaysAsync(Team? current)
    {
        Assert.Equal(6, _answers.Count);
        foreach (var (commandId, after) in _answers)
        {
            var replay = await _store.ReplayAsync(_team, commandId, current, CancellationToken.None);

            Assert.Equal(JsonSerializer.Serialize(after, RowJson.Client), JsonSerializer.Serialize(replay!.Value!.State, RowJson.Client));
        }
    }

    // Made; one joins; another joins; the first is changed; the second leaves; the name changes.
    private async Task<Team> MakeAndChangeAsync()
    {
        var (first, second) = (Member(_team, await PersonAsync(), 20), Member(_team, await PersonAsync(), 10));
        var team = TeamKind.Rows.New(_team, Noon) with { Name = "Midden 1", BusinessEntity = BusinessEntity.Chargecars };
        var state = await CommitAsync(null, team);
        state = await CommitAsync(state, state with { Members = [first] });
        state = await CommitAsync(state, state with { Members = [second, .. state.Members] });
        state = await CommitAsync(state, state with
        {
            Members = [state.Members[0], state.Members[1] with { Role = TeamRole.Lead, Skills = ["three_phase", "solar"], ValidTo = new(2027, 6, 30) }],
        });
        state = await CommitAsync(state, state with { Members = [state.Members[1]] });
        return await CommitAsync(state, state with { Name = "Midden 2" });
    }

    private async Task<Team> CommitAsync(Team? before, Team after)
    {
        var context = Context();
        var (applied, made) = await _store.CommitAsync(before, new(after), "Test", context, Noon.AddMinutes(_answers.Count));
        Assert.True(applied);
        _answers.Add((context.CommandId, made!));
        return made!;
    }

    private static TeamMember Member(Guid team, Guid person, int day) => new()
    {
        Id = Guid.CreateVersion7(),
        CreatedAt = Noon,
        TeamId = team,
        ContactId = person,
        Role = TeamRole.Installer,
        Skills = ["one_phase"],
        Certifications = [new("NEN 3140", new(2028, 1, 31)), new("VCA", null)],
        ValidFrom = new(2026, 12, day),
    };

    private async Task<Guid> PersonAsync()
    {
        var id = Guid.CreateVersion7();
        await _database.Database.ScalarAsync(
            "INSERT INTO contact (id, first_name, last_name, email) VALUES ($1, 'Anna', 'Jansen', 'anna@example.nl') RETURNING 1", id);
        return id;
    }

    private static CommandContext Context() => new(Guid.CreateVersion7(), new Actor(ActorKind.Key, Guid.NewGuid(), "test"), MayRepeat: true);
}
