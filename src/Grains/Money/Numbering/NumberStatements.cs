using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Money.Numbering;

/// <summary>
/// The statement that gives numbers. It writes all or nothing: if an owner has a number already, or the counter is not
/// where the caller believes it, or somebody moved it by hand, it changes no row and says which owners have a number.
/// </summary>
internal static class NumberStatements
{
    /// <summary>What an assignment's columns are read as, in the order of <see cref="Read"/>.</summary>
    public const string AssignedColumns = "number, sequence, year, owner_id, assigned_at, voided_at, void_reason";

    // LATERAL with LIMIT 1 keeps the planner on the unique index: a plan made while the table was small would else read
    // all of it for every commit once it has grown.
    private const string Asked = $"""
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::jsonb[]) AS t(owner, next_sequence, next_number, asked_by)),
        held AS MATERIALIZED (
            SELECT {AssignedColumns} FROM asked CROSS JOIN LATERAL (
                SELECT * FROM number_assignment n
                WHERE n.owner_id = asked.owner AND n.number_type = $6 AND n.business_entity = $5
                LIMIT 1) known)
        """;

    // The rule of NumberDecider.Refusal, once more where it can't be overtaken: the row is locked while it is looked at.
    private const string Move = """
        moved AS (
            UPDATE number_sequence s SET current_sequence = $9, max_sequence_reached = $9, prefix = $10, last_generated_at = $11,
                updated_at = $11, version = s.version + 1
            FROM (SELECT max(sequence) AS highest FROM number_assignment WHERE number_sequence_id = $7) given_before
            WHERE s.id = $7 AND s.version = $12 AND s.current_sequence = $13 AND s.prefix IS NOT DISTINCT FROM $14
                AND CASE WHEN highest IS NULL THEN coalesce(s.max_sequence_reached, s.current_sequence) = s.current_sequence
                    ELSE s.current_sequence = highest AND s.max_sequence_reached IS NOT DISTINCT FROM highest END
                AND NOT EXISTS (SELECT FROM held)
            RETURNING s.id)
        """;

    // Of many hosts that make the row of a new year, one does; the others' statements change nothing.
    private const string Make = """
        moved AS (
            INSERT INTO number_sequence (id, business_entity, number_type, year, current_sequence, max_sequence_reached, prefix,
                last_generated_at, created_at, updated_at, version)
            SELECT $7, $5, $6, $8, $9, $9, $10, $11, $11, $11, 1
            WHERE NOT EXISTS (SELECT FROM held)
            ON CONFLICT (business_entity, number_type, year) DO NOTHING
            RETURNING id)
        """;

    private const string Give = """
        given AS (
            INSERT INTO number_assignment (number_sequence_id, sequence, number, business_entity, number_type, year, owner_id,
                assigned_at, assigned_by)
            SELECT moved.id, next_sequence, next_number, $5, $6, $8, owner, $11, asked_by FROM moved CROSS JOIN asked)
        """;

    private static readonly string MoveAndGive = $"""
        {Asked}, {Move}, {Give}, audit AS (
            INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, changed_by_contact_id, change_summary,
                business_context, ip_address, user_agent, created_at)
            SELECT $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26 FROM moved)
        {Answer("$15")}
        """;

    private static readonly string MakeAndGive = $"""
        {Asked}, {Make}, {Give}, audit AS (
            INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, changed_by_contact_id, change_summary,
                business_context, ip_address, user_agent, created_at)
            SELECT $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23 FROM moved)
        {Answer("$12")}
        """;

    public static NpgsqlBatchCommand Of(NumberAdvance advance, string[] askedBy, AuditEntry audit, CommandContext context)
    {
        var (before, after, numbers) = advance;
        var statement = new NpgsqlBatchCommand(before.IsNew ? MakeAndGive : MoveAndGive)
        {
            Parameters =
            {
                Column(NpgsqlDbType.Uuid, numbers, number => number.OwnerId),
                Column(NpgsqlDbType.Integer, numbers, number => number.Sequence),
                Column(NpgsqlDbType.Text, numbers, number => number.Number),
                Sql.Array(NpgsqlDbType.Jsonb, askedBy),
                Sql.Word<BusinessEntity>(before.Series.BusinessEntity),
                Sql.Word<NumberType>(before.Series.NumberType),
                Sql.Uuid(before.Id),
                Sql.Integer(before.Year),
                Sql.Integer(after.Current),
                Sql.Text(before.Prefix),
                Sql.Time(audit.At),
            },
        };
        if (!before.IsNew)
        {
            statement.Parameters.Add(Sql.Bigint(before.Version));
            statement.Parameters.Add(Sql.Integer(before.Current));
            statement.Parameters.Add(Sql.Text(before.StoredPrefix));
        }

        audit.AddTo(statement.Parameters, context);
        return statement;
    }

    private static string Answer(string command) => $"""
        SELECT true, NULL::text, 0, 0, NULL::uuid, NULL::timestamptz, NULL::timestamptz, NULL::text, {Commit.SayApplied(command)} FROM moved
        UNION ALL SELECT false, {AssignedColumns}, NULL FROM held
        """;

    /// <summary>An assignment from <see cref="AssignedColumns"/>, the first of which is the <paramref name="first"/>.</summary>
    public static AssignedNumber Read(NpgsqlDataReader row, int first = 0) =>
        new(row.GetString(first), row.GetInt32(first + 1), row.GetInt32(first + 2), row.GetGuid(first + 3))
        {
            AssignedAt = row.GetFieldValue<DateTimeOffset>(first + 4),
            VoidedAt = row.OptionalValue<DateTimeOffset>(first + 5),
            VoidReason = row.Optional<string>(first + 6),
        };

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, IReadOnlyList<AssignedNumber> numbers, Func<AssignedNumber, T> value)
    {
        var column = new T[numbers.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(numbers[i]);
        }

        return Sql.Array(type, column);
    }
}
