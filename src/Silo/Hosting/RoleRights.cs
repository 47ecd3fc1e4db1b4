using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// What the application's role may do with each object of the database. Compared at every start, as tables come by other ways
/// than migrations: a restore makes them anew with the rights that stand in a dump, or with none. Only what differs is
/// changed: rights are rows of PostgreSQL's catalogue, which a GRANT writes anew whether or not it says anything new.
/// </summary>
internal static class RoleRights
{
    private const string Everything = "DELETE, INSERT, SELECT, UPDATE";

    /// <summary>Tables of which the role may do less than that: history, which is written once, and the journal of migrations.</summary>
    private static readonly Dictionary<string, string> Narrower = new()
    {
        ["audit_log"] = "INSERT, SELECT",
        ["status_transition"] = "INSERT, SELECT",
        // Deleted with positions that must not be shown (PositionRemoval).
        ["geofence_event"] = "DELETE, INSERT, SELECT",
        ["schema_migration"] = "SELECT",
    };

    /// <summary>
    /// The statements that are missing, one a row. What an extension brings is its own; a partition is reached by way of its
    /// parent, whose rights count. Privileges stand in the order of their names, as in <see cref="Narrower"/>.
    /// </summary>
    private const string MissingSql = $"""
        WITH app AS (SELECT to_regrole($1)::oid AS id),
        kept AS (
            SELECT c.oid, c.relname, c.relacl AS acl, CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass AS object,
                CASE WHEN c.relispartition THEN '' WHEN c.relkind = 'S' THEN 'SELECT, UPDATE, USAGE' WHEN c.relkind IN ('v', 'm') THEN 'SELECT'
                    ELSE coalesce(narrower.rights, '{Everything}') END AS wanted
            FROM pg_class c LEFT JOIN unnest($2, $3) AS narrower(name, rights) ON c.relname = narrower.name
            WHERE c.relnamespace IN ('public'::regnamespace, 'orleans'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            UNION ALL SELECT NULL, NULL, n.nspacl, format('SCHEMA %I', n.nspname), 'USAGE' FROM pg_namespace n WHERE n.nspname IN ('public', 'orleans')
            UNION ALL SELECT NULL, NULL, d.datacl, format('DATABASE %I', d.datname), 'CONNECT, TEMPORARY' FROM pg_database d WHERE d.datname = current_database()),
        held AS (
            SELECT object, wanted,
                coalesce((SELECT string_agg(DISTINCT privilege_type, ', ' ORDER BY privilege_type) FROM aclexplode(acl), app WHERE grantee = app.id), '') AS rights,
                EXISTS (SELECT FROM pg_attribute a, aclexplode(a.attacl), app WHERE a.attrelid = kept.oid AND grantee = app.id) AS by_column
            FROM kept)
        SELECT format('REVOKE ALL ON %s FROM %I', object, $1) || CASE wanted WHEN '' THEN '' ELSE format('; GRANT %s ON %s TO %I', wanted, object, $1) END
        FROM held WHERE rights <> wanted OR by_column
        UNION ALL
        SELECT DISTINCT format('REVOKE DELETE, INSERT, TRUNCATE, UPDATE ON %s FROM PUBLIC', object) FROM kept, aclexplode(acl)
        WHERE relname = ANY($2) AND grantee = 0 AND privilege_type IN ('DELETE', 'INSERT', 'TRUNCATE', 'UPDATE')
        UNION ALL
        SELECT format('GRANT EXECUTE ON ROUTINE %s TO %I', p.oid::regprocedure, $1) FROM pg_proc p, app
        WHERE p.pronamespace IN ('public'::regnamespace, 'orleans'::regnamespace) AND NOT has_function_privilege(app.id, p.oid, 'EXECUTE')
        UNION ALL
        SELECT DISTINCT format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM %I', n.nspname, $1)
        FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl), app
        WHERE d.defaclrole = current_user::regrole AND d.defaclobjtype = 'r' AND grantee = app.id
        """;

    /// <summary>History that the role may change all the same, as a superuser or a member of another role.</summary>
    private const string RewritableSql = """
        SELECT string_agg(c.relname, ', ' ORDER BY c.relname)
        FROM pg_class c WHERE c.oid IN ('audit_log'::regclass, 'status_transition'::regclass)
            AND (has_table_privilege($1, c.oid, 'UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege($1, c.oid, 'UPDATE'))
        """;

    /// <summary>Gives and takes what is missing. On a connection of the tables' owner, in its transaction.</summary>
    /// <returns>History that the role may change nevertheless, by a right that is not the owner's to take; null where there is none.</returns>
    public static async Task<string?> ApplyAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        var statements = new List<string>();
        await using (var missing = new NpgsqlCommand(MissingSql, connection)
        {
            Parameters = { new() { Value = role }, new() { Value = Narrower.Keys.ToArray() }, new() { Value = Narrower.Values.ToArray() } },
        })
        await using (var row = await missing.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                statements.Add(row.GetString(0));
            }
        }

        if (statements.Count > 0)
        {
            await using var apply = new NpgsqlCommand(string.Join(";\n", statements), connection);
            await apply.ExecuteNonQueryAsync(cancellation);
        }

        await using var rewritable = new NpgsqlCommand(RewritableSql, connection) { Parameters = { new() { Value = role } } };
        return await rewritable.ExecuteScalarAsync(cancellation) as string;
    }
}
