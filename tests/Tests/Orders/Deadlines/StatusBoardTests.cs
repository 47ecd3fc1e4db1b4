using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Orders.Deadlines;

/// <summary>What is overdue, by the clock of the host that is asked.</summary>
public sealed class StatusBoardTests
{
    [Fact]
    public async Task Overdue_IsWhatHasADeadlineThatHasPassedByTheHostsClock_AndNotOverdueIsAllTheRest()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        await database.ScalarAsync("""
            INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since, sla_deadline)
            SELECT gen_random_uuid(), 'order', gen_random_uuid(), word, '2030-01-01 11:00Z', deadline
            FROM (VALUES ('soon', timestamptz '2030-01-01 12:30Z'), ('late', '2030-01-01 11:30Z'), ('never', NULL)) known(word, deadline)
            """);
        var board = new StatusBoard(database.DataSource, time);
        async Task<string> OfAsync(string overdue) => string.Join(',', (await board.ListAsync(StatusBoard.List.Parse([new("overdue", overdue)]).Value!, CancellationToken.None)).Items
            .Select(row => $"{row.CurrentStatus} {row.IsOverdue}").Order(StringComparer.Ordinal));

        Assert.Equal(("late True", "never False,soon False"), (await OfAsync("true"), await OfAsync("false")));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(("late True,soon True", "never False"), (await OfAsync("true"), await OfAsync("false")));
        Assert.False(StatusBoard.List.Parse([new("overdue", "perhaps")]).Succeeded);
    }
}
