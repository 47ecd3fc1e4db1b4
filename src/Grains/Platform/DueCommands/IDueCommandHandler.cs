namespace ChargeCars.Platform.DueCommands;

/// <summary>Carries out due commands of one type that are no entity's: a sender of mail, a caller of webhooks.</summary>
/// <typeparam name="TCommand">The command; its alias is its name in the row.</typeparam>
public interface IDueCommandHandler<in TCommand>
{
    /// <summary>
    /// Does it. The same id again must have no second effect. Answers null when it is done, <see cref="TryAgain"/> to be asked
    /// again later, any other error as a refusal; a fault is tried again a bounded number of times.
    /// </summary>
    Task<Error?> CarryOutAsync(Guid targetId, TCommand command, CommandContext context, CancellationToken cancellation);
}
