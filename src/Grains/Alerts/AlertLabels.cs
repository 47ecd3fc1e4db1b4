using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Alerts;

/// <summary>Takes from alerts what was erased where it came from.</summary>
internal sealed class AlertLabels(IGrainFactory grains) : IDueCommandHandler<ForgetLabel>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, ForgetLabel command, CommandContext context, CancellationToken cancellation) =>
        (await grains.GetGrain<IEntityGrain<Alert>>(command.AlertId).ExecuteAsync(new EraseAlert(), context)).Error is { } fault and not NotFound ? fault : null;
}
