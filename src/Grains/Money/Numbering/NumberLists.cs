using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Money.Numbering;

/// <summary>A row of <c>number_sequence</c>: one series in one year.</summary>
public sealed record NumberSequence(
    Guid Id, long Version, BusinessEntity BusinessEntity, NumberType NumberType, int Year, int CurrentSequence, string? Prefix,
    int? MaxSequenceReached, DateTimeOffset? LastGeneratedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A row of <c>number_assignment</c>: who got which number, when and for whom.</summary>
public sealed record NumberAssignment(
    string Number, int Sequence, int Year, Guid OwnerId, DateTimeOffset AssignedAt, RawJson? AssignedBy,
    DateTimeOffset? VoidedAt, string? VoidReason, RawJson? VoidedBy);

/// <summary>Reads of sequences and numbers from their rows, past the grains.</summary>
public sealed class NumberLists(NpgsqlDataSource source)
{
    /// <summary>What a list of sequences offers; the newest year first.</summary>
    public static ListDefinition Sequences { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["numberType"] = ListFilter.Word<NumberType>("number_type"),
            ["year"] = ListFilter.Integer("year"),
        },
        new Dictionary<string, ListSort> { ["year"] = new("year", "integer"), ["createdAt"] = new("created_at", "timestamptz") },
        "-year");

    /// <summary>What a list of a year's numbers offers; in the order of the numbers.</summary>
    public static ListDefinition Numbers { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["ownerId"] = ListFilter.Uuid("owner_id"),
            ["voided"] = ListFilter.Boolean("(voided_at IS NOT NULL)"),
        },
        new Dictionary<string, ListSort> { ["sequence"] = new("sequence", "integer") },
        "sequence");

    /// <summary>A page of sequences of the business entities that the caller sees; null for all.</summary>
    public Task<Page<NumberSequence>> SequencesAsync(
        ListQuery query, IReadOnlyCollection<BusinessEntity>? seen, CancellationToken cancellation)
    {
        const string Columns = """
            id, version, business_entity, number_type, year, current_sequence, prefix, max_sequence_reached, last_generated_at,
            created_at, updated_at
            """;
        var scoped = seen is null ? query : query with
        {
            Filters = [.. query.Filters, ("business_entity", Sql.Array(NpgsqlDbType.Text, seen.Select(WireText.Of).ToArray()))],
        };
        return scoped.RunAsync(source, Columns, "number_sequence", ReadSequence, cancellation);
    }

    /// <summary>A page of a year's numbers; empty where the year has none.</summary>
    public async Task<Page<NumberAssignment>> NumbersAsync(NumberSeries series, int year, ListQuery query, CancellationToken cancellation)
    {
        const string Columns = "number, sequence, year, owner_id, assigned_at, assigned_by, voided_at, void_reason, voided_by";
        // An owner has one number of a series, so its id serves as the row's.
        const string Rows = "(SELECT *, owner_id AS id FROM number_assignment) numbers";
        if (await FindSequenceAsync(series, year, cancellation) is not { } sequence)
        {
            return new([], null);
        }

        var ofYear = query with { Filters = [.. query.Filters, ("number_sequence_id", Sql.Uuid(sequence))] };
        return await ofYear.RunAsync(source, Columns, Rows, ReadAssignment, cancellation);
    }

    private async Task<Guid?> FindSequenceAsync(NumberSeries series, int year, CancellationToken cancellation)
    {
        const string Find = "SELECT id FROM number_sequence WHERE business_entity = $1 AND number_type = $2 AND year = $3";
        await using var command = source.CreateCommand(Find);
        command.Parameters.Add(Sql.Word<BusinessEntity>(series.BusinessEntity));
        command.Parameters.Add(Sql.Word<NumberType>(series.NumberType));
        command.Parameters.Add(Sql.Integer(year));
        return (Guid?)await command.ExecuteScalarAsync(cancellation);
    }

    private static NumberSequence ReadSequence(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), WireText.Parse<BusinessEntity>(row.GetString(2)), WireText.Parse<NumberType>(row.GetString(3)),
        row.GetInt32(4), row.GetInt32(5), row.Optional<string>(6), row.OptionalValue<int>(7), row.OptionalValue<DateTimeOffset>(8),
        row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10));

    private static NumberAssignment ReadAssignment(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4), Json(row, 5),
        row.OptionalValue<DateTimeOffset>(6), row.Optional<string>(7), Json(row, 8));

    private static RawJson? Json(NpgsqlDataReader row, int column) => row.Optional<string>(column) is { } text ? new RawJson(text) : null;
}
