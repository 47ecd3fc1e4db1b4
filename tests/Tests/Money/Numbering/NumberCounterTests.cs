using Npgsql;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

/// <summary>Somebody works on the counter by hand.</summary>
public sealed class NumberCounterTests : NumberTest
{
    [Theory]
    [InlineData("current_sequence = 1")]
    [InlineData("current_sequence = 1, max_sequence_reached = 1")]
    [InlineData("current_sequence = 9")]
    [InlineData("current_sequence = 9, max_sequence_reached = 9")]
    [InlineData("current_sequence = 9, max_sequence_reached = 9, version = version + 1")]
    [InlineData("max_sequence_reached = NULL, version = 7")]
    public async Task Next_CounterMovedByHand_IsRefusedUntilItIsPutRight(string moved)
    {
        var owners = Owners(3);
        var given = await Task.WhenAll(owners.Select(Host.GivenAsync));
        await ExecuteAsync($"UPDATE number_sequence SET {moved}");

        var refused = await Host.NextAsync(Guid.NewGuid());
        var held = await Host.GivenAsync(owners[1]);

        Assert.Equal("counter_moved", Assert.IsType<Conflict>(refused.Error).Code);
        Assert.Equal(given[1], held);
        Assert.Equal(3, await ScalarAsync<int>("SELECT count(*) FROM number_assignment"));

        await ExecuteAsync("UPDATE number_sequence SET current_sequence = 3, max_sequence_reached = 3");
        Assert.Equal(4, (await Host.GivenAsync(Guid.NewGuid())).Sequence);
        await AssertGaplessAsync(2026, 4);
    }

    [Theory]
    [InlineData("NULL", "NULL")]
    [InlineData("1200", "'X-'")]
    public async Task Next_RowPreparedWithAStartingValue_CountsOnFromIt(string reached, string prefix)
    {
        await ExecuteAsync($"""
            INSERT INTO number_sequence (id, business_entity, number_type, year, current_sequence, max_sequence_reached, prefix)
            VALUES (gen_random_uuid(), 'chargecars', 'invoice', 2026, 1200, {reached}, {prefix})
            """);

        var numbers = await Task.WhenAll(Owners(2).Select(Host.GivenAsync));

        Assert.Equal([1201, 1202], numbers.Select(number => number.Sequence));
        Assert.Equal($"{(prefix == "NULL" ? "CC-INV-" : "X-")}2026-01201", numbers[0].Number);
        Assert.Equal(1202, await ScalarAsync<int>("SELECT max_sequence_reached FROM number_sequence"));
    }

    [Theory]
    [InlineData("DELETE FROM number_sequence")]
    [InlineData("UPDATE number_sequence SET id = gen_random_uuid()")]
    public async Task NumberSequence_WithNumbersGiven_IsKept(string loss)
    {
        await Host.GivenAsync(Guid.NewGuid());

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(loss));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
    }

    [Fact]
    public async Task Next_RowPreparedWithAnotherHighWaterMark_IsRefused()
    {
        await ExecuteAsync("""
            INSERT INTO number_sequence (id, business_entity, number_type, year, current_sequence, max_sequence_reached)
            VALUES (gen_random_uuid(), 'chargecars', 'invoice', 2026, 1200, 1300)
            """);

        var result = await Host.NextAsync(Guid.NewGuid());

        Assert.Equal("counter_moved", Assert.IsType<Conflict>(result.Error).Code);
    }
}
