using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Identity;

/// <summary>Reads the signing keys every five minutes, well before a new one signs, and rotates them when it is time.</summary>
internal sealed partial class SigningKeyRotation(SigningKeys keys, TimeProvider time, ILogger<SigningKeyRotation> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.EnsureAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(logger, fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The signing keys could not be read or rotated; tried again in five minutes")]
    private static partial void LogNotRead(ILogger logger, Exception fault);
}
