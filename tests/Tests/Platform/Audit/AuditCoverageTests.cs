using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Entities;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Secrets;

namespace ChargeCars.Tests.Platform.Audit;

/// <summary>
/// Every change of every table is in the audit. What changed is PostgreSQL's own word (<see cref="ObservedChange"/>), what
/// tables there are is the running database's, and what the program writes at all is in its assemblies: a new table, a new
/// writer or a new column fails here until it is audited or has its reason below.
/// </summary>
[Collection(ObservedCollection.Name)]
public sealed class AuditCoverageTests(ObservedHost observed)
{
    private const string Derived = "follows from the positions by rule; nobody decided it";
    private const string Whereabouts = "says where a van was and when, which may have to be taken away; the event is its own record";
    private const string Runtime = "the runtime's own: membership, reminders, cursors of feeds";

    private static readonly Dictionary<string, string> NotAudited = new()
    {
        ["audit_log"] = "is the audit",
        ["schema_migration"] = "is the record of the migrations, which run before anything else",
        ["change_event"] = "tells screens of a change that the audit has",
        ["status_transition"] = "is the history of a change of status that the audit has",
        ["entity_current_status"] = "is the end of that history",
        ["search_entry"] = "is what a row is found by, and follows from the row, whose changes the audit has",
        ["search_word"] = "is the words of those entries, each once",
        ["search_word_gone"] = "notes words that an entry lost, until it is known whether another has them",
        ["search_filling"] = "notes how far rows that were there before can be found",
        ["due_command"] = "is what a command that the audit has obliges others to do; what came of it is in their audit",
        ["login_failure"] = "counts failed logins for the lockout, for a day; what was refused is in the audit",
        ["idempotency_key"] = "is an answer kept for a repetition; what it answered is in the audit",
        ["product_stock"] = "fences a product's ledger and sums its balances",
        ["stock_balance"] = "is the sum of the ledger, which the audit has, and of what is reserved",
        ["stock_serial"] = "says where the ledger's last movement of a piece led",
        ["stock_difference"] = "is what a check found, whose row the audit has, and its own record",
        ["attachment_upload"] = "is a file that is still being sent; what it becomes is an attachment, which the audit has",
        ["attachment_upload_part"] = "is a piece of one",
        ["aircall_event"] = "is what the telephony system said, and its own record",
        ["call_text"] = "is what the telephony system wrote of what was said, and its own record; that it is kept is in the audit of the call",
        ["inbound_message"] = "is what a provider sent, and its own record",
        ["mailbox_cursor"] = "notes how far a mailbox was read",
        ["mailbox_missed"] = "notes what its server did not hand over",
        ["delivery_report"] = "is what a provider reported of a message that was not known yet; what it does to the message is in the audit",
        ["notification"] = "is written by nothing yet; what a person's erasure empties of it is in the audit of the erasure",
        ["communication_opt_out"] = "is what a person asked for by a word that is kept as their message",
        ["communication_message_place"] = "notes another mailbox that a message came to, which the audit has",
        ["communication_thread_read"] = "notes a use, which is no change",
        ["alert_seen"] = "notes a use, which is no change",
        ["alert_look"] = "notes which host looked when",
        ["visit_expectation"] = Derived + "; it is what was told last",
        ["order_presence"] = "says who is there now",
        ["communication_thread_presence"] = "says who is there now",
        ["place_extract"] = "is the public register of addresses as it was loaded, and its own record",
        ["vehicle_position"] = "is what a feed said, and its own record; a day that retention drops is in the audit",
        ["vehicle_position_change"] = "notes for a moment which positions came or went while their day was settled",
        ["vehicle_trip"] = Derived + "; what retention deletes is in the audit",
        ["vehicle_motion"] = Derived,
        ["vehicle_late_fix"] = Derived,
        ["vehicle_freshness"] = Derived,
        ["vehicle_refusal"] = Derived,
        ["vehicle_reminder"] = "says that a due date was told, and its own record",
        ["geofence_presence"] = "says who is inside now, by the crossings that the audit has",
        ["orleansquery"] = Runtime,
        ["orleansmembershipversiontable"] = Runtime,
        ["orleansmembershiptable"] = Runtime,
        ["orleansreminderstable"] = Runtime,
        ["orleansstorage"] = Runtime,
    };

    private static readonly Dictionary<string, string> ColumnsNotAudited = new()
    {
        ["*.version"] = "is in business_context",
        ["*.updated_at"] = "is created_at of the audit's row",
        ["product.stock_quantity"] = "is the sum of the ledger, which the audit has",
        ["product.maker"] = "follows from its brand and its name, which the audit has",
        ["vehicle.current_location"] = Derived,
        ["vehicle.last_location_update"] = Derived,
        ["geofence_event.business_entity"] = Whereabouts,
        ["geofence_event.geofence_id"] = Whereabouts,
        ["geofence_event.visit_id"] = Whereabouts,
        ["geofence_event.event_type"] = Whereabouts,
        ["geofence_event.fix_time"] = Whereabouts,
        ["geofence_event.decided_at"] = Whereabouts,
        ["geofence_event.latitude"] = Whereabouts,
        ["geofence_event.longitude"] = Whereabouts,
        ["api_key.last_used_at"] = "notes a use, which is no change",
        ["user_session.last_activity"] = "notes a use, which is no change",
        ["number_sequence.last_generated_at"] = "is created_at of the audit's row",
    };

    [Fact]
    public async Task EveryTable_IsAuditedOrHasItsReasonOrIsNotWrittenYet()
    {
        var tables = (await ObservedChange.TablesAsync(observed.Host.Database)).Select(table => table.Split('.')[1].Trim('"')).ToList();
        var seen = (await ObservedChange.ReadAsync(observed.Host.Database)).Select(change => change.Table).ToHashSet();

        Assert.Empty(NotAudited.Keys.Except(tables));
        Assert.All(
            ["vehicle", "geofence", "number_sequence", "number_assignment", "user_account", "user_session", "user_role", "api_key", "signing_key", "contact"],
            table => Assert.Contains(table, WrittenTables.All)); // the strings are read as they should be
        var unproved = tables.Where(table => WrittenTables.All.Contains(table) && !NotAudited.ContainsKey(table) && !seen.Contains(table)).ToList();
        Assert.True(unproved.Count == 0, $"Written, and neither driven in {nameof(EveryCommand)} nor with a reason: {string.Join(", ", unproved)}");
    }

    [Fact]
    public async Task EveryChange_OfAnAuditedTable_LeavesItsRowInTheSameTransaction()
    {
        var changes = await ObservedChange.ReadAsync(observed.Host.Database);
        var audit = (await ReadAuditAsync()).ToLookup(row => (row.Table, row.RecordId, row.Transaction));

        var faults = changes.Where(change => !NotAudited.ContainsKey(change.Table)).SelectMany(change => FaultsOf(change, audit)).Distinct().ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        string[] operations = [.. changes.Select(change => $"{change.Table} {change.Operation}").Distinct()];
        Assert.All(
            [
                "vehicle INSERT", "vehicle UPDATE", "vehicle DELETE", "geofence INSERT", "geofence UPDATE", "geofence DELETE", "geofence_event INSERT", "geofence_event DELETE", "number_sequence INSERT",
                "number_sequence UPDATE", "number_assignment UPDATE", "user_account INSERT", "user_account UPDATE", "user_session INSERT", "user_session UPDATE",
                "user_session DELETE", "user_role INSERT", "user_role UPDATE", "api_key INSERT", "api_key UPDATE", "signing_key INSERT", "signing_key UPDATE",
                "data_protection_key INSERT", "contact INSERT",
            ],
            operation => Assert.Contains(operation, operations));
    }

    [Fact]
    public async Task EveryRow_OfTheAudit_SaysWhoWhyAndFromWhere()
    {
        var rows = await ReadAuditAsync();

        Assert.All(rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Why), $"{row.Action} of {row.Table}"));
        Assert.All(rows, row => Assert.Contains(row.ActorKind, new[] { "user", "key", "feed", "system", "customer" }));
        var people = rows.Where(row => row.ActorKind == "user").ToList();
        Assert.True(people.Count > 30, $"{people.Count}");
        Assert.All(people, row => Assert.Equal(("127.0.0.1", RunningHost.UserAgent), (row.IpAddress, row.UserAgent)));
        Assert.Contains(rows, row => row is { Table: "vehicle", Action: "STATUS_CHANGE", Why: "to the depot" });
        Assert.Contains(rows, row => row is { Table: "vehicle", Action: "UPDATE", Why: "Set working hours" });
    }

    [Theory]
    [InlineData("vehicle", "license_plate", "could not extend file", "vehicle")]
    [InlineData("audit_log", "new_values ->> 'license_plate'", "could not extend file", "audit_log")]
    public async Task Commit_ThatFails_LeavesNeitherChangeNorAuditRow(string table, string plate, string message, string code)
    {
        var bad = $"FAIL-{code}";
        var id = await observed.Host.CreateVehicleAsync(new { licensePlate = $"GOOD-{code}", vehicleType = "van" });
        await using (var arm = observed.Host.Database.DataSource.CreateCommand($"""
            CREATE FUNCTION fail_{code}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'disk_full';
            END
            $$;
            CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION fail_{code}();
            """.Replace("FOR EACH ROW", $"FOR EACH ROW WHEN ((NEW.{plate}) = '{bad}')", StringComparison.Ordinal)))
        {
            await arm.ExecuteNonQueryAsync();
        }

        using var create = await observed.Host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = bad, vehicleType = "van" });
        using var change = await observed.Host.Administrator.MergePatchAsync($"/api/vehicles/{id}", "1", $$"""{"licensePlate":"{{bad}}"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, create.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, change.StatusCode);
        Assert.Equal(0L, await observed.Host.ScalarAsync<long>($"""
            SELECT (SELECT count(*) FROM vehicle WHERE license_plate = '{bad}') + (SELECT count(*) FROM audit_log WHERE new_values::text LIKE '%{bad}%')
                + (SELECT count(*) FROM change_event WHERE data::text LIKE '%{bad}%') + (SELECT count(*) FROM observer.change WHERE after::text LIKE '%{bad}%')
            """));
        Assert.Equal(1L, await observed.Host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{id}'"));
        await (await observed.Host.Administrator.MergePatchAsync($"/api/vehicles/{id}", "1", """{"vehicleName":"Still there"}""")).JsonAsync();
    }

    private static IEnumerable<string> FaultsOf(ObservedChange change, ILookup<(string, Guid, string), AuditRow> audit)
    {
        var columns = change.Columns.Where(column => !ColumnsNotAudited.ContainsKey($"*.{column}") && !ColumnsNotAudited.ContainsKey($"{change.Table}.{column}")).ToList();
        if (columns.Count == 0)
        {
            yield break;
        }

        // A row that is a part of another's change is told of there.
        var (table, id, isPart) = (change.Table, change.Operation) switch
        {
            ("number_assignment", "INSERT") => ("number_sequence", change.IdOf("number_sequence_id"), true),
            ("number_assignment", _) => (change.Table, change.IdOf("number_sequence_id"), false),
            ("former_refresh_token", _) => ("user_session", change.IdOf("session_id"), true),
            _ => (change.Table, change.IdOf("id"), false),
        };
        var what = $"{change.Table} {change.Operation}";
        if (audit[(table, id!.Value, change.Transaction)].ToList() is not [var row])
        {
            yield return $"{what}: no row, or several, of {table} in the same transaction";
            yield break;
        }

        if (isPart)
        {
            yield break;
        }

        if (row.Action != change.Operation switch { "INSERT" => "CREATE", "DELETE" => "DELETE", _ => row.Action == "STATUS_CHANGE" ? row.Action : "UPDATE" })
        {
            yield return $"{what}: {row.Action}";
        }

        foreach (var column in columns)
        {
            if (change.After is { } after && !Says(row.New, column, after[column]))
            {
                yield return $"{what}: new {column} is {row.New?[column]?.ToJsonString() ?? "not there"} and not {after[column]?.ToJsonString()}";
            }

            // Of what retention deletes the audit keeps that it was, and no more.
            if (change.Before is { } before && row.Why != "Retention" && !Says(row.Old, column, before[column]))
            {
                yield return $"{what}: old {column} is {row.Old?[column]?.ToJsonString() ?? "not there"} and not {before[column]?.ToJsonString()}";
            }
        }
    }

    private static bool Says(JsonObject? values, string column, JsonNode? actual)
    {
        if (values is null || (!values.ContainsKey(column) && actual is not null))
        {
            return false;
        }

        var said = values[column];
        return AuditEntry.Secrets.Contains(column)
            ? said?.ToJsonString() == $"\"{AuditEntry.Redacted}\"" || actual is null or JsonArray { Count: 0 } || actual.ToJsonString() is "\"\"" or "\"\\\\x\""
            : JsonNode.DeepEquals(Plain(said), Plain(actual));
    }

    // The same moment is written in more than one way.
    private static JsonNode? Plain(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var word) && word.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? JsonValue.Create(time.UtcTicks / TimeSpan.TicksPerMicrosecond)
            : value;

    private async Task<List<AuditRow>> ReadAuditAsync()
    {
        await using var command = observed.Host.Database.DataSource.CreateCommand("""
            SELECT table_name, record_id, xmin::text, action, old_values::text, new_values::text, change_summary, business_context -> 'actor' ->> 'kind',
                ip_address, user_agent
            FROM audit_log
            """);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<AuditRow>();
        while (await row.ReadAsync())
        {
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            rows.Add(new(
                row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetString(3), ObservedChange.Json(row, 4), ObservedChange.Json(row, 5), Text(6), Text(7),
                Text(8), Text(9)));
        }

        return rows;
    }

    private sealed record AuditRow(
        string Table, Guid RecordId, string Transaction, string Action, JsonObject? Old, JsonObject? New, string? Why, string? ActorKind, string? IpAddress, string? UserAgent);
}
