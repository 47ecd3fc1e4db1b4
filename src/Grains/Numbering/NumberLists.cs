using ChargeCars.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Numbering;

/// <summary>A row of <c>number_sequence</c>: one series in one year.</summary>
public sealed record NumberSequence(
    Guid Id, long Version, BusinessEntity BusinessEntity, NumberType NumberType, int Year, int CurrentSequence, string? Prefix,
    int? MaxSequenceReached, DateTimeOffset? LastGeneratedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A row of <c>number_assignment</c>: who got which number, when and for whom.</summary>
public sealed record NumberAssignment(
    string Number, int Sequence, int Year, Guid OwnerId, DateTimeOffset AssignedAt, RawJson? AssignedBy,
    DateTimeOffset? VoidedAt, string? VoidReason, RawJson? VoidedBy);

/// <summary>Which sequences to list; null is all.</summary>
/// <param name="BusinessEntities">Those that the caller may see.</param>
/// <param name="NumberType">What is numbered.</param>
/// <param name="Year">The business year.</param>
public sealed record SequenceFilter(IReadOnlyCollection<BusinessEntity>? BusinessEntities, NumberType? NumberType, int? Year);

/// <summary>Which numbers of a year to list; null is all.</summary>
/// <param name="OwnerId">Whose.</param>
/// <param name="Voided">Whether voided.</param>
public sealed record NumberFilter(Guid? OwnerId, bool? Voided);

/// <summary>Where a page of sequences ends, in the order of the list: the newest year first.</summary>
public sealed record SequencePosition(int Year, string BusinessEntity, string NumberType)
{
    /// <summary>The position of a listed sequence.</summary>
    public static SequencePosition Of(NumberSequence row) => new(row.Year, WireText.Of(row.BusinessEntity), WireText.Of(row.NumberType));
}

/// <summary>Plain reads of sequences and numbers, past the grains.</summary>
public sealed class NumberLists(NpgsqlDataSource source)
{
    /// <summary>Sequences after a position, at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<NumberSequence>> SequencesAsync(
        SequenceFilter filter, SequencePosition? after, int limit, CancellationToken cancellation)
    {
        const string Select = """
            SELECT id, version, business_entity, number_type, year, current_sequence, prefix, max_sequence_reached, last_generated_at,
                created_at, updated_at
            FROM number_sequence
            WHERE ($1::text[] IS NULL OR business_entity = ANY($1)) AND ($2::text IS NULL OR number_type = $2) AND ($3::integer IS NULL OR year = $3)
                AND ($4::integer IS NULL OR (-year, business_entity, number_type) > (-$4, $5, $6))
            ORDER BY -year, business_entity, number_type LIMIT $7
            """;
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, filter.BusinessEntities?.Select(WireText.Of).ToArray()));
        command.Parameters.Add(Sql.Word(filter.NumberType));
        command.Parameters.Add(Sql.Integer(filter.Year));
        command.Parameters.Add(Sql.Integer(after?.Year));
        command.Parameters.Add(Sql.Text(after?.BusinessEntity));
        command.Parameters.Add(Sql.Text(after?.NumberType));
        command.Parameters.Add(Sql.Integer(limit));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<NumberSequence>();
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(new(
                row.GetGuid(0), row.GetInt64(1), WireText.Parse<BusinessEntity>(row.GetString(2)), WireText.Parse<NumberType>(row.GetString(3)),
                row.GetInt32(4), row.GetInt32(5), row.Optional<string>(6), row.OptionalValue<int>(7), row.OptionalValue<DateTimeOffset>(8),
                row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10)));
        }

        return rows;
    }

    /// <summary>A year's numbers after a sequence, in their order, at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<NumberAssignment>> NumbersAsync(
        NumberSeries series, int year, NumberFilter filter, int after, int limit, CancellationToken cancellation)
    {
        const string Select = """
            SELECT number, sequence, year, owner_id, assigned_at, assigned_by, voided_at, void_reason, voided_by
            FROM number_assignment
            WHERE number_sequence_id = (SELECT id FROM number_sequence WHERE business_entity = $1 AND number_type = $2 AND year = $3)
                AND sequence > $4 AND ($5::uuid IS NULL OR owner_id = $5) AND ($6::boolean IS NULL OR (voided_at IS NOT NULL) = $6)
            ORDER BY sequence LIMIT $7
            """;
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Word<BusinessEntity>(series.BusinessEntity));
        command.Parameters.Add(Sql.Word<NumberType>(series.NumberType));
        command.Parameters.Add(Sql.Integer(year));
        command.Parameters.Add(Sql.Integer(after));
        command.Parameters.Add(Sql.Uuid(filter.OwnerId));
        command.Parameters.Add(Sql.Bool(filter.Voided));
        command.Parameters.Add(Sql.Integer(limit));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<NumberAssignment>();
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(new(
                row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4), Json(row, 5),
                row.OptionalValue<DateTimeOffset>(6), row.Optional<string>(7), Json(row, 8)));
        }

        return rows;
    }

    private static RawJson? Json(NpgsqlDataReader row, int column) => row.Optional<string>(column) is { } text ? new RawJson(text) : null;
}
