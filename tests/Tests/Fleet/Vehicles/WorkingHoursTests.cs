using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles;

/// <summary>Hours by the clock on the wall in Amsterdam, across midnight and on the two days that are not 24 hours long.</summary>
public sealed class WorkingHoursTests
{
    private static readonly WorkingHours Nights = Hours("22:00", "06:00", WorkingDay.Saturday);

    [Theory]
    // The night to 29 March 2026, in which the clock goes from 2:00 to 3:00: from 21:00 UTC to 4:00 UTC, seven hours.
    [InlineData("2026-03-28T20:59:59Z", false)]
    [InlineData("2026-03-28T21:00:00Z", true)]
    [InlineData("2026-03-28T23:30:00Z", true)]
    [InlineData("2026-03-29T00:59:59Z", true)]
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-03-29T03:59:59Z", true)]
    [InlineData("2026-03-29T04:00:00Z", false)]
    // The night to 25 October 2026, in which it goes from 3:00 back to 2:00: from 20:00 UTC to 5:00 UTC, nine hours.
    [InlineData("2026-10-24T19:59:59Z", false)]
    [InlineData("2026-10-24T20:00:00Z", true)]
    [InlineData("2026-10-25T00:30:00Z", true)]
    [InlineData("2026-10-25T01:30:00Z", true)]
    [InlineData("2026-10-25T04:59:59Z", true)]
    [InlineData("2026-10-25T05:00:00Z", false)]
    // A Sunday night begins on no day that is named.
    [InlineData("2026-10-25T23:00:00Z", false)]
    public void Contains_AcrossMidnightAndTheChangeOfTheClock_FollowsTheWall(string moment, bool within) =>
        Assert.Equal(within, WorkingHoursRules.Contains(Nights, DateTimeOffset.Parse(moment, null)));

    [Theory]
    [InlineData("2026-10-25T00:30:00Z", true)] // 2:30, the first time
    [InlineData("2026-10-25T01:30:00Z", true)] // 2:30, the second time
    [InlineData("2026-10-25T02:00:00Z", false)]
    [InlineData("2026-03-29T00:59:59Z", false)] // 1:59:59
    [InlineData("2026-03-29T01:00:00Z", false)] // 3:00: there is no 2:30 on that day
    public void Contains_OfAnHourThatComesTwiceOrNever_IsTwiceOrNever(string moment, bool within) =>
        Assert.Equal(within, WorkingHoursRules.Contains(Hours("02:00", "03:00", WorkingDay.Sunday), DateTimeOffset.Parse(moment, null)));

    [Fact]
    public void Contains_OfAWindowFromAndToTheSameTime_IsTheWholeDay() =>
        Assert.All(Enumerable.Range(0, 24), hour => Assert.True(WorkingHoursRules.Contains(
            Hours("08:00", "08:00", WorkingDay.Monday), new DateTimeOffset(2026, 3, 2, 7, 0, 0, TimeSpan.Zero).AddHours(hour))));

    [Fact]
    public void Decide_SetWorkingHours_IsAChangeOnce()
    {
        var vehicle = new Vehicle { Id = Guid.NewGuid() };

        var night = Decide(vehicle, new(Nights)).Value!.After!;
        Assert.Equal(Nights, night.WorkingHours);
        Assert.True(Decide(night, new(Hours("22:00", "06:00", WorkingDay.Saturday))).Value!.ChangesNothing<Vehicle, VehicleKind>(night));
        Assert.Null(Decide(night, new(null)).Value!.After!.WorkingHours);
        Assert.True(Decide(vehicle, new(null)).Value!.ChangesNothing<Vehicle, VehicleKind>(vehicle));
    }

    [Fact]
    public void Decide_HoursThatCannotBe_NamesEveryField()
    {
        var refused = Assert.IsType<Invalid>(Decide(new Vehicle(), new(new WorkingHours { Windows = [new(), null!, new() { Days = [WorkingDay.Monday], From = new(8, 0) }] })).Error);

        Assert.Equal(["windows[0].days", "windows[0].from", "windows[0].to", "windows[1]", "windows[2].to"], refused.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.IsType<Invalid>(Decide(new Vehicle(), new(new WorkingHours())).Error);
        Assert.IsType<Invalid>(Decide(new Vehicle(), new(new WorkingHours { Windows = [.. Enumerable.Repeat(Nights.Windows[0], 51)] })).Error);
    }

    [Fact]
    public void Judge_OutsideTheHours_KeepsNothingAndSaysWhy()
    {
        var tracker = new PositionTracker(Guid.NewGuid(), new PositionOptions());
        // Noon of a Monday in Utrecht is 13:00 there.
        var judgement = tracker.Judge([Fixes.At(0), Fixes.At(3600)], Fixes.Noon.AddHours(2), default, Hours("13:30", "18:00", WorkingDay.Monday));

        Assert.Equal([FixOutcome.OffHours, FixOutcome.Accepted], judgement.Results.Select(result => result.Outcome));
        Assert.Equal(Fixes.At(3600), Assert.Single(judgement.Store));
    }

    private static Result<Outcome<Vehicle>> Decide(Vehicle vehicle, SetWorkingHours command) => VehicleDecider.Decide(vehicle, command);

    private static WorkingHours Hours(string from, string to, WorkingDay day) => new()
    {
        Windows = [new() { Days = [day], From = TimeOnly.Parse(from, null), To = TimeOnly.Parse(to, null) }],
    };
}
