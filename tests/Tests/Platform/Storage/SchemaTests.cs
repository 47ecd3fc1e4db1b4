using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

/// <summary>The migrated database against the company's document, by two lists that were generated from it.</summary>
public sealed class SchemaTests : IAsyncLifetime
{
    private const string EntityId = "01900000-0000-7000-8000-0000000000aa";

    private MigrationDatabase _database = null!;

    public async Task InitializeAsync() => _database = await MigrationDatabase.MigratedAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Tables_OfTheDocument_HaveItsColumnsAndNoOthers()
    {
        var expected = Lines("schema-columns.txt").Select(line => line.TrimStart('+').TrimEnd('!')).Order(StringComparer.Ordinal);
        var tables = expected.Select(line => line.Split('.')[0]).Distinct();

        var actual = await _database.LinesAsync($"""
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attnotnull THEN ' not null' ELSE ' null' END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
              AND c.relname IN ({string.Join(", ", tables.Select(table => $"'{table}'"))}) AND c.relkind = 'r'
            """);

        Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task References_OfTheDocument_AreForeignKeys()
    {
        var actual = await _database.LinesAsync("""
            SELECT c.relname || '.' || a.attname || ' ' || target.relname
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_class target ON target.oid = k.confrelid
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'f' AND cardinality(k.conkey) = 1
            """);

        Assert.Empty(Rules("reference").Except(actual));
    }

    [Fact]
    public async Task Indexes_OfTheDocument_AreThereByName()
    {
        var actual = await _database.LinesAsync("""
            SELECT indexname || ' ' || tablename || ' ' || coalesce(substring(indexdef FROM '\(.*\)$'), '')
            FROM pg_indexes WHERE schemaname = 'public'
            """);

        Assert.Empty(Rules("index").Except(actual));
    }

    [Fact]
    public async Task Uniqueness_OfTheDocument_IsConstrained()
    {
        var actual = await _database.LinesAsync("""
            SELECT c.relname || ' ' || substring(pg_get_constraintdef(k.oid) FROM '\(.*\)$')
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE k.contype = 'u'
            """);

        Assert.Empty(Rules("unique").Except(actual));
    }

    [Fact]
    public async Task Defaults_OfTheDocument_AreSet()
    {
        var actual = await _database.LinesAsync("""
            SELECT table_name || '.' || column_name || ' ' || trim(BOTH '''' FROM split_part(column_default, '::', 1))
            FROM information_schema.columns WHERE table_schema = 'public' AND column_default IS NOT NULL
            """);

        Assert.Empty(Rules("default").Except(actual));
    }

    [Fact]
    public async Task Enums_OfTheDocument_AreCheckedUnderTheirName()
    {
        foreach (var rule in Rules("enum"))
        {
            var (table, column) = Split(rule.Split(' ')[0]);
            var values = rule[(rule.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split(", ");

            var definition = await _database.ScalarAsync<string>(
                $"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_{table}_{column}'");

            Assert.NotNull(definition);
            Assert.Equal(
                values.Order(StringComparer.Ordinal),
                definition.Split('\'').Where((_, i) => i % 2 == 1).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES (gen_random_uuid(), 'V-196-RP', 'boat')",
        "ck_vehicle_vehicle_type")]
    [InlineData("INSERT INTO organization (id, name, business_entity) VALUES (gen_random_uuid(), 'x', 'tesla')",
        "ck_organization_business_entity")]
    [InlineData("INSERT INTO call (id, status) VALUES (gen_random_uuid(), 'done')", "ck_call_status")]
    [InlineData("INSERT INTO audit_log (id, table_name, record_id, action) VALUES (gen_random_uuid(), 'x', gen_random_uuid(), 'LOOK')",
        "ck_audit_log_action")]
    public async Task Enum_WithAnotherValue_IsRefusedByName(string sql, string constraint)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task UserAccount_WithAnUnknownScope_IsRefused()
    {
        await _database.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{EntityId}', 'Ada', 'Vos', 'ada@example.nl')
            """);
        string Insert(string scope) => $"""
            INSERT INTO user_account (id, contact_id, password, role_id, scopes)
            SELECT '{EntityId}', '{EntityId}', 'x', id, ARRAY['planning', '{scope}'] FROM user_role WHERE role_name = 'planner'
            """;

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(Insert("root")));
        await _database.ExecuteAsync(Insert("sales_manager"));

        Assert.Equal("ck_user_account_scopes", refused.ConstraintName);
    }

    [Theory]
    [InlineData("license_plate", "'V-196-RP'", "'v196rp'", "uq_vehicle_license_plate")]
    [InlineData("license_plate, device_id", "'A-1', 'tracker'", "'A-2', 'tracker'", "uq_vehicle_device_id")]
    [InlineData("license_plate, ulu_vehicle_id", "'A-1', 'ulu'", "'A-2', 'ulu'", "uq_vehicle_ulu_vehicle_id")]
    public async Task Vehicle_WithAnothersName_IsRefused(string columns, string first, string second, string index)
    {
        string Insert(string values) =>
            $"INSERT INTO vehicle (id, vehicle_type, {columns}) VALUES (gen_random_uuid(), 'van', {values})";
        await _database.ExecuteAsync(Insert(first));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(Insert(second)));

        Assert.Equal(index, refused.ConstraintName);
    }

    [Theory]
    [InlineData("10:00", "12:00", "scheduled", true)]
    [InlineData("11:00", "13:00", "scheduled", false)]
    [InlineData("11:00", "13:00", "cancelled", true)]
    [InlineData("11:00", "13:00", "no_show", true)]
    public async Task Visit_ForATeamThatHasOne_IsRefusedWhereTheyOverlap(string from, string to, string status, bool fits)
    {
        await _database.ExecuteAsync($"""
            INSERT INTO "order" (id, order_number, business_entity) VALUES ('{EntityId}', 'CC-1', 'chargecars');
            INSERT INTO team (id, name) VALUES ('{EntityId}', 'North');
            """);
        string Insert(int sequence, string start, string end, string state) => $"""
            INSERT INTO visit (id, business_entity, order_id, sequence, visit_type, status, team_id, scheduled_start, scheduled_end)
            VALUES (gen_random_uuid(), 'chargecars', '{EntityId}', {sequence}, 'install', '{state}', '{EntityId}',
                '2026-03-02 {start}+00', '2026-03-02 {end}+00')
            """;
        await _database.ExecuteAsync(Insert(1, "12:00", "14:00", "scheduled"));

        var error = await Record.ExceptionAsync(() => _database.ExecuteAsync(Insert(2, from, to, status)));

        Assert.Equal(fits ? null : "ex_visit_team_overlap", (error as PostgresException)?.ConstraintName);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET change_summary = 'nothing happened'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("DELETE FROM status_transition")]
    public async Task History_WhenRewritten_Refuses(string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task HotAppendTables_HaveNoForeignKeyAndOneIndex()
    {
        var extra = await _database.LinesAsync("""
            SELECT conname::text FROM pg_constraint
            WHERE conrelid IN ('change_event'::regclass, 'vehicle_position'::regclass) AND contype = 'f'
            UNION ALL
            SELECT indexname::text FROM pg_indexes
            WHERE tablename IN ('change_event', 'vehicle_position') AND indexname NOT LIKE '%\_pkey'
            """);

        Assert.Empty(extra);
    }

    [Fact]
    public async Task Seeds_AfterMigration_NameTheEntitiesAndRoles()
    {
        Assert.Equal(
            ["chargecars", "laderthuis", "meterkastthuis", "ratioshop", "zaptecshop"],
            await _database.LinesAsync("SELECT entity_code FROM business_entity ORDER BY 1"));
        Assert.Equal(
            ["admin", "manager", "partner", "planner", "technician", "viewer"],
            await _database.LinesAsync("""
                SELECT role_name FROM user_role
                WHERE jsonb_typeof(permissions -> 'resources') = 'array'
                  AND permissions -> 'data_filters' ? 'organization_scope'
                ORDER BY 1
                """));
        Assert.Equal(
            """["*"]""",
            await _database.ScalarAsync<string>("SELECT (permissions -> 'resources')::text FROM user_role WHERE role_name = 'admin'"));
    }

    private static (string Table, string Column) Split(string name) =>
        name.Split('.') is [var table, var column] ? (table, column) : throw new FormatException(name);

    private static IEnumerable<string> Rules(string kind) =>
        Lines("schema-rules.txt")
            .Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))
            .Select(line => line[(kind.Length + 1)..]);

    private static List<string> Lines(string resource)
    {
        using var reader = new StreamReader(typeof(SchemaTests).Assembly.GetManifestResourceStream(resource)!);
        return
        [
            .. reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n')
                .Where(line => line.Length > 0 && !line.StartsWith('#')),
        ];
    }
}
