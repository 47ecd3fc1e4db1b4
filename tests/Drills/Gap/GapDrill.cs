using System.CommandLine;
using ChargeCars.Drills.Load;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Drills.Gap;

/// <summary>Readers of the feed resume at random points while many connections commit through the product's own statements.</summary>
internal static class GapDrill
{
    private const int Readers = 4;

    /// <summary>Of the connections a quarter are the two writers of as many hosts' group commits; the rest are transactions.</summary>
    private const int ConnectionsOfAHost = 2;

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long they commit.", DefaultValueFactory = _ => 30 };
    private static readonly Option<int> Connections = new("--connections") { Description = "Connections that commit.", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides moments and durations.", DefaultValueFactory = _ => 1 };

    public static Drill Drill { get; } = new(
        "gap", "64 connections commit changes at random: a reader that resumes anywhere misses none, sees none twice, always ascending.",
        [Seconds, Connections, Seed], RunAsync);

    private static async Task RunAsync(ParseResult options, DrillReport report, CancellationToken stop)
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        // The tests' server does not wait for the disk; here a commit takes its full time, in which a gap would open.
        var durable = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c synchronous_commit=on" };
        var (connections, seed) = (options.GetValue(Connections), options.GetValue(Seed));
        var hosts = Math.Max(1, connections / 4 / ConnectionsOfAHost);
        var transactions = Math.Max(0, connections - (hosts * ConnectionsOfAHost));
        report.Say($"{hosts} hosts' group commits with {ConnectionsOfAHost} connections each, {transactions} single transactions of random duration, {Readers} readers");

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(TimeSpan.FromSeconds(options.GetValue(Seconds)));
        var writers = Task.WhenAll(
        [
            .. Enumerable.Range(0, hosts).Select(host => HostWriter.RunAsync(durable.ConnectionString, seed + host, enough.Token)),
            .. Enumerable.Range(0, transactions).Select(one => TransactionWriter.RunAsync(durable.ConnectionString, seed + 1_000 + one, enough.Token)),
        ]);
        await using var source = NpgsqlDataSource.Create(durable.ConnectionString);
        var readers = Enumerable.Range(0, Readers).Select(number => new ResumingReader(number, source, new Random(seed + 2_000 + number), report)).ToArray();
        await Task.WhenAll(readers.Select(reader => reader.RunAsync(writers)));
        await CompareAsync(source, readers, await writers, report);
    }

    private static async Task CompareAsync(NpgsqlDataSource source, ResumingReader[] readers, IReadOnlyCollection<Committed> committed, DrillReport report)
    {
        var expected = committed.Sum(writer => writer.Commits);
        var table = new List<(long Sequence, Guid Entity)>();
        await foreach (var row in source.RowsAsync("SELECT sequence, entity_id FROM change_event ORDER BY sequence"))
        {
            table.Add((row.GetInt64(0), row.GetGuid(1)));
        }

        report.Require(table.Count == expected, () => $"{expected} changes were committed, change_event has {table.Count}");
        foreach (var reader in readers)
        {
            reader.Compare(table);
            report.Say($"reader {reader.Number}: {reader.Seen} changes in {reader.Reads} readings, of which {reader.Resumed} began at a random earlier point");
        }

        report.Say($"{expected} changes committed, {committed.Sum(writer => writer.RolledBack)} rolled back after they had their sequence; change_event 1..{table.LastOrDefault().Sequence}");
    }
}
