using System.Globalization;
using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Money.Numbering;

/// <summary>One request for a number.</summary>
public sealed record NumberRequest(Guid OwnerId, CommandContext Context);

/// <summary>What the database made of an advance: it moved the counter, or nothing was written and these owners have numbers.</summary>
public sealed record NumberOutcome(bool Moved, IReadOnlyList<AssignedNumber> Held);

/// <summary>The tables <c>number_sequence</c> and <c>number_assignment</c>.</summary>
public sealed class NumberStore(NpgsqlDataSource source, GroupCommit commits)
{
    private const string Table = "number_sequence";

    /// <summary>The counter of a year; one yet to be made where the year has none.</summary>
    public async Task<NumberCounter> LoadAsync(NumberSeries series, int year, DateTimeOffset now, CancellationToken cancellation)
    {
        const string Newest = """
            SELECT s.id, s.year, s.version, s.current_sequence, s.max_sequence_reached, s.prefix,
                (SELECT max(a.sequence) FROM number_assignment a WHERE a.number_sequence_id = s.id)
            FROM number_sequence s
            WHERE s.business_entity = $1 AND s.number_type = $2 AND s.year <= $3
            ORDER BY s.year DESC LIMIT 2
            """;
        await using var command = source.CreateCommand(Newest);
        command.Parameters.Add(Sql.Word<BusinessEntity>(series.BusinessEntity));
        command.Parameters.Add(Sql.Word<NumberType>(series.NumberType));
        command.Parameters.Add(Sql.Integer(year));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return NumberDecider.Open(series, year, lastYearsPrefix: null, now);
        }

        var stored = row.Optional<string>(5);
        if (row.GetInt32(1) != year)
        {
            return NumberDecider.Open(series, year, stored, now);
        }

        var counter = new NumberCounter(row.GetGuid(0), series, year, row.GetInt64(2), row.GetInt32(3), stored ?? NumberFormat.DefaultPrefix(series))
        {
            StoredPrefix = stored,
            MaxReached = row.OptionalValue<int>(4),
            HighestGiven = row.OptionalValue<int>(6),
        };
        return stored is null && await row.ReadAsync(cancellation) && row.Optional<string>(5) is { } lastYears
            ? counter with { Prefix = lastYears }
            : counter;
    }

    /// <summary>Moves the counter and records who got each number, in one transaction; or writes nothing.</summary>
    /// <param name="advance">The numbers.</param>
    /// <param name="requests">Who asked, in the order of the numbers.</param>
    /// <param name="now">When.</param>
    public Task<NumberOutcome> AdvanceAsync(NumberAdvance advance, IReadOnlyList<NumberRequest> requests, DateTimeOffset now)
    {
        var (before, after, numbers) = advance;
        var context = Together(requests, now);
        var audit = new AuditEntry(
            Table, before.Id, before.IsNew ? "CREATE" : "UPDATE",
            before.IsNew ? null : RowJson.ForRow(Row(before.Current, before.MaxReached, before.StoredPrefix)).Text,
            before.IsNew ? Baseline(after, now) : RowJson.ForRow(Row(after.Current, after.Current, before.Prefix)).Text,
            numbers.Count == 1 ? $"{numbers[0].Number} given" : $"{numbers[0].Number} to {numbers[^1].Number} given",
            JsonSerializer.Serialize(new { context.Actor, after.Version, numbers.Count }, RowJson.Options), now);
        var news = new
        {
            before.Series.BusinessEntity,
            before.Series.NumberType,
            before.Year,
            From = before.Current,
            To = after.Current,
        };
        return commits.CommitAsync(new StatementCommit<NumberOutcome>(
            before.Id, context.CommandId, NumberStatements.Of(advance, AskedBy(requests), audit, context), ReadOutcomeAsync)
        {
            Changes = [Change("number_sequence.advanced", before.Series, news, context, now)],
        });
    }

    // What a number moves, and when it was is the row's own time.
    private static object Row(int currentSequence, int? maxSequenceReached, string? prefix) => new { currentSequence, maxSequenceReached, prefix };

    private static string Baseline(NumberCounter made, DateTimeOffset now) => RowJson.ForRow(new
    {
        made.Id,
        made.Series.BusinessEntity,
        made.Series.NumberType,
        made.Year,
        currentSequence = made.Current,
        maxSequenceReached = made.Current,
        made.Prefix,
        lastGeneratedAt = now,
        createdAt = now,
    }).Text;

    /// <summary>The numbers that these owners have already, of whatever year.</summary>
    public async Task<IReadOnlyList<AssignedNumber>> FindAsync(NumberSeries series, Guid[] owners, CancellationToken cancellation)
    {
        const string ByOwner = $"""
            SELECT {NumberStatements.AssignedColumns} FROM number_assignment
            WHERE owner_id = ANY($1) AND number_type = $2 AND business_entity = $3
            """;
        await using var command = source.CreateCommand(ByOwner);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, owners));
        command.Parameters.Add(Sql.Word<NumberType>(series.NumberType));
        command.Parameters.Add(Sql.Word<BusinessEntity>(series.BusinessEntity));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AssignedNumber>();
        while (await row.ReadAsync(cancellation))
        {
            found.Add(NumberStatements.Read(row));
        }

        return found;
    }

    /// <summary>A number of this series and the sequence that it is of; null where there is none such.</summary>
    public async Task<(Guid SequenceId, AssignedNumber Number)?> FindAsync(NumberSeries series, string number, CancellationToken cancellation)
    {
        const string ByNumber = $"""
            SELECT number_sequence_id, {NumberStatements.AssignedColumns} FROM number_assignment
            WHERE number = $1 AND number_type = $2 AND business_entity = $3
            """;
        await using var command = source.CreateCommand(ByNumber);
        command.Parameters.Add(Sql.Text(number));
        command.Parameters.Add(Sql.Word<NumberType>(series.NumberType));
        command.Parameters.Add(Sql.Word<BusinessEntity>(series.BusinessEntity));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetGuid(0), NumberStatements.Read(row, first: 1)) : null;
    }

    /// <summary>False: the number was voided already, and nothing was written.</summary>
    public Task<bool> VoidAsync(NumberSeries series, Guid sequenceId, AssignedNumber voided, CommandContext context)
    {
        const string Void = """
            UPDATE number_assignment SET voided_at = $2, void_reason = $3, voided_by = $4
            WHERE number = $1 AND voided_at IS NULL
            """;
        var (now, reason) = (voided.VoidedAt!.Value, voided.VoidReason!);
        var update = new NpgsqlBatchCommand(Void)
        {
            Parameters = { Sql.Text(voided.Number), Sql.Time(now), Sql.Text(reason), Sql.Jsonb(RowJson.ForRow(context.Actor).Text) },
        };
        // An assignment has no id of its own: its history is found under the sequence's.
        var audit = new AuditEntry(
            "number_assignment", sequenceId, "UPDATE",
            RowJson.ForRow(new { voided.Number, VoidedAt = (DateTimeOffset?)null, VoidReason = (string?)null, VoidedBy = (Actor?)null }).Text,
            RowJson.ForRow(new { voided.Number, VoidedAt = now, VoidReason = reason, VoidedBy = context.Actor }).Text,
            reason, JsonSerializer.Serialize(new { context.Actor, voided.OwnerId }, RowJson.Options), now);
        var news = new { series.BusinessEntity, series.NumberType, voided.Year, voided.Sequence, voided.Number, voided.OwnerId, Reason = reason };
        return commits.CommitAsync(new StatementCommit<bool>(
            sequenceId, context.CommandId, audit.Around(update, context), static async (row, cancellation) => await row.ReadAsync(cancellation))
        {
            Changes = [Change("number_sequence.number_voided", series, news, context, now)],
        });
    }

    private static NewChange Change<T>(string type, NumberSeries series, T data, CommandContext context, DateTimeOffset now) =>
        new(type, Table, now, RowJson.ForClient(context.Actor), RowJson.ForClient(data))
        {
            Scope = new(WireText.Of(series.BusinessEntity), null, null, null),
        };

    private static async ValueTask<NumberOutcome> ReadOutcomeAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var moved = false;
        List<AssignedNumber>? held = null;
        while (await row.ReadAsync(cancellation))
        {
            if (row.GetBoolean(0))
            {
                moved = true;
            }
            else
            {
                (held ??= []).Add(NumberStatements.Read(row, first: 1));
            }
        }

        return new(moved, held ?? []);
    }

    // One audit row tells of everybody who was served together: it names the caller where there is one, else the program;
    // number_assignment names each. Its id is its own, because the idempotency of a number is its owner's.
    private static CommandContext Together(IReadOnlyList<NumberRequest> requests, DateTimeOffset now)
    {
        var first = requests[0].Context;
        var id = Guid.CreateVersion7(now);
        return requests.All(request => request.Context.Actor == first.Actor && request.Context.IpAddress == first.IpAddress && request.Context.UserAgent == first.UserAgent)
            ? first with { CommandId = id }
            : new(id, Actor.System);
    }

    private static string[] AskedBy(IReadOnlyList<NumberRequest> requests)
    {
        var askedBy = new string[requests.Count];
        for (var i = 0; i < askedBy.Length; i++)
        {
            // Most who wait together are one caller's requests.
            askedBy[i] = i > 0 && requests[i].Context.Actor == requests[i - 1].Context.Actor
                ? askedBy[i - 1]
                : RowJson.ForRow(requests[i].Context.Actor).Text;
        }

        return askedBy;
    }
}
