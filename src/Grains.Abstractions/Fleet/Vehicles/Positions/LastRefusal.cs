namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Why a vehicle's fixes were refused last, or their times put right: those in a row for one reason, without one in between
/// that was taken as it came. Duplicates and fixes outside the working hours don't count.
/// </summary>
/// <param name="Reason">A reason of the telemetry's answer such as <c>future</c>; or <c>week_rollover</c>, where 1,024 weeks were added.</param>
/// <param name="Detail">For the reader, of the last one.</param>
/// <param name="OffBySeconds">How far the tracker's time is ahead of the server's, seconds; less than zero behind. Null where the time is not at fault.</param>
/// <param name="Since">When the first of them came in, UTC.</param>
/// <param name="At">When the last one did, UTC.</param>
/// <param name="Count">How many.</param>
[GenerateSerializer, Immutable, Alias("last-refusal")]
public sealed record LastRefusal(string Reason, string Detail, double? OffBySeconds, DateTimeOffset Since, DateTimeOffset At, long Count);
