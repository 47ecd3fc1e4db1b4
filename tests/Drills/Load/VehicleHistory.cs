using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>All that the database says of its vehicles, in five tables that must tell one story.</summary>
internal sealed class VehicleHistory
{
    private readonly List<VehicleRow> _vehicles = [];
    private readonly Dictionary<Guid, List<AuditRow>> _audits = [];
    private readonly Dictionary<Guid, List<TransitionRow>> _transitions = [];
    private readonly Dictionary<Guid, List<EventRow>> _events = [];
    private readonly List<long> _sequences = [];
    private ILookup<string, AuditRow> _byText = null!;

    /// <summary>Audit rows of vehicles: one a change.</summary>
    public int Changes => _audits.Values.Sum(rows => rows.Count);

    public static async Task<VehicleHistory> ReadAsync(NpgsqlDataSource source)
    {
        var history = new VehicleHistory();
        await foreach (var row in source.RowsAsync("""
            SELECT v.id, v.version, v.operational_status, v.vehicle_name, s.current_status, s.last_transition_id, s.version
            FROM vehicle v LEFT JOIN entity_current_status s ON s.entity_type = 'vehicle' AND s.entity_id = v.id
            """))
        {
            history._vehicles.Add(new(row.GetGuid(0), row.GetInt64(1), row.GetString(2), Text(row, 3), Text(row, 4), row.IsDBNull(5) ? null : row.GetGuid(5), row.IsDBNull(6) ? 0 : row.GetInt64(6)));
        }

        await foreach (var row in source.RowsAsync("""
            SELECT record_id, (business_context->>'version')::bigint, action, old_values->>'operational_status', new_values->>'operational_status',
                new_values->>'vehicle_name', change_summary
            FROM audit_log WHERE table_name = 'vehicle' ORDER BY 1, 2
            """))
        {
            Add(history._audits, row.GetGuid(0), new AuditRow(row.GetGuid(0), row.GetInt64(1), row.GetString(2), Text(row, 3), Text(row, 4), Text(row, 5), Text(row, 6)));
        }

        await foreach (var row in source.RowsAsync("SELECT entity_id, id, from_status, to_status, transition_reason FROM status_transition WHERE entity_type = 'vehicle'"))
        {
            Add(history._transitions, row.GetGuid(0), new TransitionRow(row.GetGuid(1), Text(row, 2), row.GetString(3), Text(row, 4)));
        }

        await foreach (var row in source.RowsAsync("""
            SELECT entity_id, sequence, type, (data->>'version')::bigint, coalesce(data->>'reason', data->>'vehicleName'), data->>'from', data->>'to', entity_type
            FROM change_event ORDER BY sequence
            """))
        {
            history._sequences.Add(row.GetInt64(1));
            // What the program notices of itself (freshness, trips) is no version of the row.
            if (row.GetString(7) == "vehicle" && !row.IsDBNull(3))
            {
                Add(history._events, row.GetGuid(0), new EventRow(row.GetInt64(1), row.GetString(2), row.GetInt64(3), Text(row, 4), Text(row, 5), Text(row, 6)));
            }
        }

        history._byText = history._audits.Values.SelectMany(rows => rows).Where(row => row.Command is not null).ToLookup(row => row.Command!);
        return history;
    }

    /// <summary>Row, transitions, current status, audit and changes of every vehicle tell the same; sequences are 1..max.</summary>
    public void Agree(DrillReport report)
    {
        for (var i = 0; i < _sequences.Count; i++)
        {
            var (found, expected) = (_sequences[i], i == 0 ? 1 : _sequences[i - 1] + 1);
            report.Require(found == expected, () => $"change_event: sequence {found} stands where {expected} should");
        }

        foreach (var vehicle in _vehicles)
        {
            Agree(vehicle, report);
        }

        report.Say($"change_event: {_sequences.Count} rows, sequences 1..{_sequences.LastOrDefault()}");
    }

    /// <summary>What a command was answered is what the history says of it: once, or not at all if it was refused.</summary>
    public void Compare(string text, VehicleAnswer? answer, DrillReport report)
    {
        var rows = _byText[text].ToArray();
        if (answer is null)
        {
            report.Require(rows.Length == 0, () => $"change '{text}' was refused and is there: {rows[0]}");
            return;
        }

        report.Require(
            rows is [var row] && row.Vehicle == answer.Vehicle && row.Version == answer.Version
                && (row.To is null ? row.Name == answer.Name : row.To == answer.Status),
            () => $"change '{text}' was acknowledged as {answer}; the audit has {(rows.Length == 0 ? "nothing" : string.Join(", ", rows.AsEnumerable()))}");
    }

    /// <summary>No change is there that nobody asked for.</summary>
    public void KnowsOnly(Func<string, bool> asked, DrillReport report)
    {
        foreach (var unknown in _byText.Where(rows => !asked(rows.Key)))
        {
            report.Violation($"change '{unknown.Key}' is there, and nobody asked for it");
        }
    }

    private void Agree(VehicleRow vehicle, DrillReport report)
    {
        var audits = _audits.GetValueOrDefault(vehicle.Id, []);
        var events = _events.GetValueOrDefault(vehicle.Id, []);
        var transitions = _transitions.GetValueOrDefault(vehicle.Id, []);
        var byReason = transitions.ToLookup(row => row.Reason ?? "");
        report.Require(events.Count == audits.Count, () => $"vehicle {vehicle.Id}: {audits.Count} audit rows, {events.Count} change events");
        var (status, name, last, moves) = ((string?)null, (string?)null, (TransitionRow?)null, 0);
        for (var i = 0; i < audits.Count; i++)
        {
            var (audit, version) = (audits[i], i + 1);
            report.Require(audit.Version == version, () => $"vehicle {vehicle.Id}: the audit has version {audit.Version} where {version} should be");
            if (i < events.Count)
            {
                var change = events[i];
                report.Require(
                    change.Version == audit.Version && (audit.Action == "CREATE" || change.Text == audit.Command),
                    () => $"vehicle {vehicle.Id}: sequence {change.Sequence} is {change}, the audit has {audit}");
            }

            name = audit.Name ?? name;
            if (audit.To is null)
            {
                continue;
            }

            var move = byReason[audit.Command ?? ""].ToArray();
            report.Require(
                move is [var one] && one.From == audit.From && one.To == audit.To,
                () => $"vehicle {vehicle.Id}: '{audit.Summary}' made version {audit.Version} {audit.From}→{audit.To}; its transitions: {string.Join(", ", move.AsEnumerable())}");
            report.Require(audit.From == status, () => $"vehicle {vehicle.Id}: version {audit.Version} goes from {audit.From}, the one before went to {status}");
            (status, last, moves) = (audit.To, move.FirstOrDefault(), moves + 1);
        }

        report.Require(transitions.Count == moves, () => $"vehicle {vehicle.Id}: {moves} moves in the audit, {transitions.Count} transitions");
        report.Require(
            vehicle.Version == audits.Count && vehicle.Status == status && vehicle.Name == name,
            () => $"vehicle {vehicle.Id}: the row is version {vehicle.Version} {vehicle.Status} '{vehicle.Name}', its history ends at {audits.Count} {status} '{name}'");
        report.Require(
            vehicle.CurrentStatus == status && vehicle.LastTransition == last?.Id && vehicle.StatusVersion == moves,
            () => $"vehicle {vehicle.Id}: entity_current_status is {vehicle.CurrentStatus} by {vehicle.LastTransition} version {vehicle.StatusVersion}, the last of {moves} transitions is {last}");
    }

    private static void Add<T>(Dictionary<Guid, List<T>> rows, Guid vehicle, T row)
    {
        if (!rows.TryGetValue(vehicle, out var list))
        {
            rows[vehicle] = list = [];
        }

        list.Add(row);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed record VehicleRow(Guid Id, long Version, string Status, string? Name, string? CurrentStatus, Guid? LastTransition, long StatusVersion);

    private sealed record AuditRow(Guid Vehicle, long Version, string Action, string? From, string? To, string? Name, string? Summary)
    {
        /// <summary>The text of the command that made it: the new name, or the reason of an action; none for the creation.</summary>
        public string? Command => Action == "CREATE" ? null : Name ?? Summary;
    }

    private sealed record TransitionRow(Guid Id, string? From, string To, string? Reason);

    private sealed record EventRow(long Sequence, string Type, long Version, string? Text, string? From, string? To);
}
