namespace ChargeCars.Telephony.Missed;

/// <summary>Who may call a caller back: one person at a time, for a while.</summary>
internal static class CallBackRules
{
    /// <summary>How long a claim holds where it is not renewed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The claim that somebody makes or renews; refused while another person's holds.</summary>
    public static Result<CallBackClaim> Claim(CallBackClaim? held, Guid by, DateTimeOffset now) =>
        Holder(held, now) is { } other && other.By != by
            ? new Conflict("claimed", $"Somebody else calls back; their claim holds until {other.Until:yyyy-MM-dd'T'HH:mm:ss'Z'}.")
            : new CallBackClaim(by, now + Lifetime);

    /// <summary>Gives a claim back; refused for another person's, a no-op where there is none.</summary>
    public static Error? Release(CallBackClaim? held, Guid by, DateTimeOffset now) =>
        Holder(held, now) is { } other && other.By != by ? new Conflict("claimed", "Only the one who claimed it can give it back.") : null;

    /// <summary>The claim that holds now; null where there is none or it expired.</summary>
    public static CallBackClaim? Holder(CallBackClaim? held, DateTimeOffset now) => held is { } claim && claim.Until > now ? claim : null;
}
