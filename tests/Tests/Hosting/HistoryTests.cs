using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChargeCars.Tests.Hosting;

/// <summary>What the running host's own database role can't do to history.</summary>
[Collection(HostCollection.Name)]
public sealed class HistoryTests(RunningHost host)
{
    [Theory]
    [InlineData("UPDATE audit_log SET change_summary = 'nothing happened'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    [InlineData("DELETE FROM status_transition")]
    [InlineData("ALTER TABLE audit_log DISABLE TRIGGER ALL")]
    [InlineData("DROP TRIGGER tr_audit_log_append_only ON audit_log")]
    [InlineData("DELETE FROM schema_migration")]
    [InlineData("CREATE ROLE somebody SUPERUSER")]
    public async Task ApplicationRole_RewritingHistory_LacksTheRight(string sql)
    {
        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.DoesNotContain("append-only", refused.MessageText, StringComparison.Ordinal); // the right, not the trigger
    }
}
