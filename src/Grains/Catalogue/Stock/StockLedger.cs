using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using Line = ChargeCars.Platform.Storage.WaitingLine<ChargeCars.Catalogue.Stock.StockRequest, ChargeCars.Catalogue.Stock.StockAnswer>;

namespace ChargeCars.Catalogue.Stock;

/// <summary>
/// Carries out the commands on one product's stock. A product that everybody wants is one row: whoever takes it alone makes the others
/// wait for a commit each. So all who wait are decided one after the other in memory, and what they came to is committed at once. What it
/// knows of the balances is a guess that the commit checks.
/// </summary>
public sealed partial class StockLedger
{
    /// <summary>Commands of one commit, at most.</summary>
    public const int LargestCommit = 250;

    /// <summary>Callers that may wait; more are asked to come back.</summary>
    public const int Capacity = 10_000;

    // Each attempt that writes nothing means that another activation wrote; five in a row do not happen.
    private const int Attempts = 5;

    private readonly Guid _product;
    private readonly StockStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Line _line;

    // The line's own, who serves a group at a time.
    private StockBook? _book;

    /// <summary>The ledger of one product.</summary>
    public StockLedger(Guid product, StockStore store, TimeProvider time, ILogger logger)
    {
        (_product, _store, _time, _logger) = (product, store, time, logger);
        _line = new(Capacity, LargestCommit, new TryAgain($"{Capacity} callers wait for this product already."), ServeAsync);
    }

    /// <inheritdoc cref="IStockGrain.ExecuteAsync"/>
    public Task<Result<StockAnswer>> ExecuteAsync(StockCommand command, CommandContext context) => _line.AskAsync(new(command, context));

    private async Task ServeAsync(List<Line.Waiter> open)
    {
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await TryServeAsync(open))
                {
                    return;
                }
            }

            Refuse(open, new TryAgain("Others changed this product's stock at the same moment. Send the request again."));
        }
        catch (PostgresException violation) when (IsACommandsFault(violation) && open.Count > 1)
        {
            // The transaction is undone; alone, each of the others goes through.
            _book = null;
            foreach (var waiter in open)
            {
                await ServeAsync([waiter]);
            }
        }
        catch (PostgresException violation) when (IsACommandsFault(violation))
        {
            _book = null;
            LogRefused(_logger, _product, violation.SqlState, violation.ConstraintName);
            Refuse(open, Explained(violation));
        }
        catch (OverloadedException overload)
        {
            Refuse(open, new TryAgain(overload.Message));
        }
        catch (Exception fault)
        {
            // Committed or not: forget what we think we know.
            _book = null;
            LogFault(_logger, _product, fault);
            Refuse(open, new TryAgain("The database did not answer; whether the command took effect is unknown. Send it again with the same Idempotency-Key."));
        }
    }

    // Nobody is answered before the commit: a refusal, too, may rest on what another command of the group took.
    private async Task<bool> TryServeAsync(List<Line.Waiter> open)
    {
        var exact = _time.GetUtcNow();
        var now = exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerMicrosecond));
        _book ??= await _store.LoadAsync(_product, CancellationToken.None);
        var before = await _store.WithNamedAsync(_book, [.. open.Select(waiter => waiter.Request)], CancellationToken.None);
        var (book, steps, answers) = (before, new List<(StockRequest, StockStep)>(), new List<Result<StockAnswer>>(open.Count));
        foreach (var waiter in open)
        {
            var decided = StockDecider.Decide(book, waiter.Request.Command, waiter.Request.Context.ExpectedVersion, now);
            answers.Add(decided.Map(step => step.Answer));
            if (decided is { Succeeded: true, Value: { Changes: true } step })
            {
                book = step.After;
                steps.Add((waiter.Request, step));
            }
        }

        if (steps.Count > 0)
        {
            _book = await _store.CommitAsync(before, steps, now);
            if (_book is null)
            {
                return false;
            }
        }

        for (var i = 0; i < open.Count; i++)
        {
            open[i].SetResult(answers[i]);
        }

        return true;
    }

    private static bool IsACommandsFault(PostgresException fault) =>
        fault.SqlState.StartsWith("23", StringComparison.Ordinal) || fault.SqlState.StartsWith("22", StringComparison.Ordinal);

    // Two activations may make a product's first row at once; the other constraints hold what the decider holds.
    private static Error Explained(PostgresException violation) => violation.ConstraintName switch
    {
        "ck_stock_balance_never_below_zero" or "ck_product_stock_never_below_zero" => new Conflict("insufficient_stock", "The place has not so many pieces to give."),
        "uq_stock_serial_maker" => new Conflict("serial_in_stock", "The number is a piece of another product of the same maker: GET /api/stock/pieces says of which.", "serialNumber"),
        // The maker was changed since it was read.
        "fk_stock_serial_maker" => new TryAgain("The product was changed at the same moment. Send the request again."),
        "audit_log_pkey" => new Conflict("command_id_used", "The command's id was used for something else already."),
        _ when violation.SqlState == PostgresErrorCodes.ForeignKeyViolation => new Conflict("gone", $"Something that the request names was deleted in the meantime ({violation.ConstraintName})."),
        _ => new TryAgain("Others changed this product's stock at the same moment. Send the request again."),
    };

    private static void Refuse(List<Line.Waiter> open, Error refusal)
    {
        foreach (var waiter in open)
        {
            waiter.TrySetResult(refusal);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A change of the stock of {Product} was refused by the database: {SqlState} {Constraint}")]
    private static partial void LogRefused(ILogger logger, Guid product, string sqlState, string? constraint);

    [LoggerMessage(LogLevel.Warning, "The stock of {Product} was not changed")]
    private static partial void LogFault(ILogger logger, Guid product, Exception fault);
}
