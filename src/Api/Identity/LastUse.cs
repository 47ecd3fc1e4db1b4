using System.Collections.Concurrent;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Identity;

/// <summary>
/// When credentials were last used: noted in memory by requests, written once a minute for all of them. A crash loses a
/// minute of it at most, which is what the column is worth. It is no change of the row: no version, no audit.
/// </summary>
/// <remarks>The statement takes ids as <c>$1</c> and times as <c>$2</c>, and never sets a time back: another node may have seen a later use.</remarks>
internal abstract partial class LastUse(string writeSql, NpgsqlDataSource source, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();

    public void Note(Guid id, DateTimeOffset at)
    {
        // A busy feed's key is read thousands of times a second; looking is free of locks, writing is not.
        if (!_used.TryGetValue(id, out var last) || at - last >= Resolution)
        {
            _used[id] = at;
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
            await using var command = source.CreateCommand(writeSql);
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

    [LoggerMessage(LogLevel.Warning, "When {Count} credentials were last used could not be written; tried again in a minute")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception fault);
}

/// <summary><c>api_key.last_used_at</c></summary>
internal sealed class KeyUse(NpgsqlDataSource source, TimeProvider time, ILogger<KeyUse> logger) : LastUse("""
    UPDATE api_key SET last_used_at = greatest(api_key.last_used_at, used.at)
    FROM unnest($1, $2) AS used (id, at) WHERE api_key.id = used.id
    """, source, time, logger);

/// <summary><c>user_session.last_activity</c></summary>
internal sealed class SessionUse(NpgsqlDataSource source, TimeProvider time, ILogger<SessionUse> logger) : LastUse("""
    UPDATE user_session SET last_activity = greatest(user_session.last_activity, used.at)
    FROM unnest($1, $2) AS used (id, at) WHERE user_session.id = used.id
    """, source, time, logger);
