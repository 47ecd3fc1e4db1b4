using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Missed;

/// <summary>Who calls back, decided: pure. Times are UTC.</summary>
internal static class CallBackDecider
{
    /// <summary>What a command does, or why it is refused.</summary>
    public static Result<Outcome<CallBack>> Decide(Guid id, CallBack? state, CallBackCommand command, DateTimeOffset now)
    {
        var known = state ?? new() { Id = id, CreatedAt = now, Caller = command.Caller, BusinessEntity = command.BusinessEntity };
        var held = known is { ClaimedBy: { } by, ClaimedUntil: { } until } ? new CallBackClaim(by, until) : null;
        return command switch
        {
            ClaimCallBack => CallBackRules.Claim(held, command.By, now).Map(claim =>
                Outcome.Of(known with { ClaimedBy = claim.By, ClaimedUntil = claim.Until }, "claimed")),
            ReleaseCallBack when CallBackRules.Release(held, command.By, now) is { } refusal => refusal,
            ForgetCallBack when state is null => new NotFound(CallBackKind.Rows.Table, id.ToString()),
            ForgetCallBack => new Outcome<CallBack>(null) { Announced = [new("deleted")] },
            ReleaseCallBack when state is null => new NotFound(CallBackKind.Rows.Table, id.ToString()),
            ReleaseCallBack => Outcome.Of(known with { ClaimedBy = null, ClaimedUntil = null }, "released"),
            // Whoever knows that it is done may say so, whoever claimed it.
            FinishCallBack finish => Outcome.Of(
                known with { DoneAt = now, DoneBy = command.By, Note = PlainText.TidyLinesOrNull(finish.Note), ClaimedBy = null, ClaimedUntil = null }, "done"),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a caller."),
        };
    }
}
