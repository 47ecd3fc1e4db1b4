using System.Collections.Frozen;
using System.Text.Json;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Orders.Deadlines;

/// <summary>
/// The calendar of each business entity in this host's memory. A host asks each second whether one was changed: five rows.
/// </summary>
public sealed partial class BusinessCalendars(NpgsqlDataSource source, TimeProvider time, ILogger<BusinessCalendars> logger) : BackgroundService
{
    /// <summary>How old what a host knows may be.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const string SelectCalendars = "SELECT entity_code, calendar FROM business_entity WHERE calendar IS NOT NULL";

    private FrozenDictionary<BusinessEntity, (string Text, BusinessCalendar Calendar)> _known = FrozenDictionary<BusinessEntity, (string, BusinessCalendar)>.Empty;

    /// <summary>A business entity's calendar; the usual one where it has none of its own, or none is named.</summary>
    public BusinessCalendar Of(BusinessEntity? entity) =>
        entity is { } named && Volatile.Read(ref _known).TryGetValue(named, out var own) ? own.Calendar : BusinessCalendar.Usual;

    /// <summary>Reads what was changed.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectCalendars);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var (before, read) = (Volatile.Read(ref _known), new Dictionary<BusinessEntity, (string, BusinessCalendar)>());
        while (await row.ReadAsync(cancellation))
        {
            var (entity, text) = (WireText.Parse<BusinessEntity>(row.GetString(0)), row.GetString(1));
            // One that is as it was keeps the holidays that it has worked out.
            read[entity] = before.TryGetValue(entity, out var known) && known.Text == text
                ? known
                : (text, new BusinessCalendar(JsonSerializer.Deserialize<CalendarSettings>(text, RowJson.Options)!));
        }

        Volatile.Write(ref _known, read.ToFrozenDictionary());
    }

    /// <summary>Before the first order wakes the calendars are known.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RefreshAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
                {
                    LogNotRead(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The calendars can't be read; those known go on to count")]
    private static partial void LogNotRead(ILogger logger, Exception fault);
}
