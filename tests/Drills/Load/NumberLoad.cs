using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>Callers who want a number for an owner and ask for the same owner until they are answered.</summary>
internal sealed class NumberLoad(PatientClient client, DrillReport report, int callers) : ILoad
{
    private const string Series = "/api/number-sequences/laderthuis/invoice/next";
    private const string Scope = "business_entity = 'laderthuis' AND number_type = 'invoice'";
    private readonly ConcurrentDictionary<Guid, (string Number, int Sequence)?> _owners = new();

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
    {
        var random = new Random(caller);
        while (!stop.IsCancellationRequested)
        {
            var owner = Guid.NewGuid();
            await NextAsync(owner);
            if (random.Next(10) == 0)
            {
                await NextAsync(owner);
            }

            await Task.Delay(random.Next(10, 60), CancellationToken.None);
        }
    }));

    /// <summary>One acknowledged number.</summary>
    public async Task NextAsync(Guid owner)
    {
        _owners.TryAdd(owner, null);
        var answer = await client.SendAsync(HttpMethod.Post, Series, JsonSerializer.SerializeToUtf8Bytes(new { ownerId = owner }));
        if (!answer.Succeeded)
        {
            report.Violation($"the owner {owner} was refused a number: {(int)answer.Status} {answer.Body}");
            return;
        }

        (string, int)? given = (answer.Body.GetProperty("number").GetString()!, answer.Body.GetProperty("sequence").GetInt32());
        if (_owners[owner] is { } before && before != given)
        {
            report.Violation($"the owner {owner} was given {before.Number} first and {given} when it asked again");
        }

        _owners[owner] = given;
    }

    public async Task CheckAsync(NpgsqlDataSource source, DrillReport report)
    {
        var rows = new Dictionary<Guid, (string Number, int Sequence)>();
        var next = new Dictionary<int, int>();
        await foreach (var row in source.RowsAsync($"SELECT owner_id, number, sequence, year FROM number_assignment WHERE {Scope} ORDER BY year, sequence"))
        {
            var (owner, number, sequence, year) = (row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3));
            var expected = next.GetValueOrDefault(year) + 1;
            report.Require(sequence == expected, () => $"number {number}: sequence {sequence} stands where {expected} of {year} should");
            next[year] = sequence;
            report.Require(rows.TryAdd(owner, (number, sequence)), () => $"the owner {owner} has {rows[owner].Number} and {number}");
            report.Require(_owners.ContainsKey(owner), () => $"number {number} belongs to {owner}, who never asked");
        }

        foreach (var (owner, given) in _owners)
        {
            if (given is { } acknowledged)
            {
                report.Require(rows.TryGetValue(owner, out var row) && row == acknowledged,
                    () => $"number {acknowledged.Number} was acknowledged to {owner}, whose row says '{rows.GetValueOrDefault(owner).Number}'");
            }
        }

        await foreach (var row in source.RowsAsync($"""
            SELECT s.year, s.current_sequence, coalesce(s.max_sequence_reached, 0), s.version,
                (SELECT count(*) FROM audit_log a WHERE a.table_name = 'number_sequence' AND a.record_id = s.id)
            FROM number_sequence s WHERE {Scope}
            """))
        {
            var (year, current, reached, version, audits) = (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4));
            report.Require(current == next.GetValueOrDefault(year) && reached == current, () => $"the counter of {year} is {current} (reached {reached}), its last number {next.GetValueOrDefault(year)}");
            report.Require(version == audits, () => $"the counter of {year} has version {version} and {audits} audit rows");
        }

        report.Say($"numbers: {_owners.Values.Count(given => given is not null)} acknowledged to {_owners.Count} owners, {rows.Count} rows, 1..{next.Values.DefaultIfEmpty().Max()}");
    }
}
