using System.Collections.Concurrent;
using ChargeCars.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>
/// When keys were last used: noted in memory by requests, written once a minute for all of them. A crash loses a minute
/// of it at most, which is what the column is worth.
/// </summary>
internal sealed partial class KeyUse(NpgsqlDataSource source, TimeProvider time, ILogger<KeyUse> logger) : BackgroundService
{
    // Not a change of the key: no version, no audit. greatest(), because another node may have seen a later use.
    private const string WriteSql = """
        UPDATE api_key SET last_used_at = greatest(api_key.last_used_at, used.at)
        FROM unnest($1, $2) AS used (id, at) WHERE api_key.id = used.id
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();

    public void Note(Guid keyId, DateTimeOffset at)
    {
        // A busy feed's key is read thousands of times a second; looking is free of locks, writing is not.
        if (!_used.TryGetValue(keyId, out var last) || at - last >= Resolution)
        {
            _used[keyId] = at;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(CancellationToken.None);
        }
    }

    internal async Task WriteAsync(CancellationToken cancellation)
    {
        var used = _used.ToArray();
        if (used.Length == 0)
        {
            return;
        }

        try
        {
            await using var command = source.CreateCommand(WriteSql);
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, used.Select(use => use.Key).ToArray()));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, used.Select(use => use.Value.UtcDateTime).ToArray()));
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (NpgsqlException fault)
        {
            LogNotWritten(logger, used.Length, fault);
            return;
        }

        foreach (var use in used)
        {
            _used.TryRemove(use);
        }
    }

    [LoggerMessage(LogLevel.Warning, "When {Count} API keys were last used could not be written; tried again in a minute")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception fault);
}
