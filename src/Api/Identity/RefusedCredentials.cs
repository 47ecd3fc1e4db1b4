using System.Collections.Concurrent;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Credentials that were not taken, in the audit: a row a minute for each address and reason, with how often. A row each
/// would let anybody fill the disk.
/// </summary>
internal sealed partial class RefusedCredentials(Refusals refusals, TimeProvider time, ILogger<RefusedCredentials> logger) : BackgroundService
{
    private const int Capacity = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Address, string Reason), int> _refused = new();

    /// <param name="http">The request.</param>
    /// <param name="reason">What the client was told; one of a few sentences.</param>
    public void Note(HttpContext http, string reason)
    {
        if (_refused.Count < Capacity)
        {
            _refused.AddOrUpdate((RequestOrigin.Address(http) ?? "", reason), 1, (_, count) => count + 1);
        }
    }

    internal async Task WriteAsync()
    {
        foreach (var key in _refused.Keys)
        {
            if (!_refused.TryRemove(key, out var count))
            {
                continue;
            }

            try
            {
                var now = time.GetUtcNow();
                await refusals.RecordAsync("user_session", Guid.Empty, $"Credentials refused, {count} times within a minute: {key.Reason}",
                    new(Guid.CreateVersion7(now), Actor.System, IpAddress: key.Address), now);
            }
#pragma warning disable CA1031
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogNotWritten(logger, count, fault);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} refused credentials could not be put in the audit")]
    private static partial void LogNotWritten(ILogger logger, int count, Exception fault);
}
