using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Planning.Arrivals;

public sealed class ArrivalNewsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly RouteVisit Visit = new() { Id = Guid.NewGuid(), Number = "V-1", Planned = new(Now.AddHours(1), Now.AddHours(2)) };

    [Fact]
    public void Arrival_AsPlanned_IsNoNews() => Assert.False(ArrivalNews.IsNews(Visit, Expect(60), null, Now));

    [Theory]
    [InlineData(20, 2, false)]
    [InlineData(20, 3, true)]
    [InlineData(100, 4, false)]
    [InlineData(100, 5, true)]
    [InlineData(200, 9, false)]
    [InlineData(200, 10, true)]
    public void Arrival_ThatHasMoved_IsToldByHowMuchThereIsToGo(int ahead, int moved, bool isNews) =>
        Assert.Equal(isNews, ArrivalNews.IsNews(Visit, Expect(ahead), Told(ahead - moved), Now));

    [Fact]
    public void Arrival_ThatBreaksThePromise_IsToldSooner_ButNotByAMinute()
    {
        Assert.True(ArrivalNews.IsNews(Visit, Expect(102, Punctuality.Late), Told(100), Now));
        Assert.False(ArrivalNews.IsNews(Visit, Expect(101, Punctuality.Late), Told(100), Now));
    }

    [Fact]
    public void Arrival_OfAnotherPlan_BeginsAnew()
    {
        var moved = Visit with { Planned = new(Now.AddHours(3), Now.AddHours(4)) };

        Assert.False(ArrivalNews.IsNews(moved, Expect(180), Told(90), Now));
        Assert.True(ArrivalNews.IsNews(moved, Expect(195), Told(90), Now));
    }

    [Theory]
    [InlineData(VisitProgress.OnSite)]
    [InlineData(VisitProgress.Over)]
    public void Arrival_OfACrewThatIsThere_IsNoNews(VisitProgress progress) =>
        Assert.False(ArrivalNews.IsNews(Visit with { Progress = progress }, Expect(10), null, Now));

    /// <summary>A drive whose forecast wanders tells what it says at most by steps, never twice the same, and never stays behind by more than a step.</summary>
    [Property(MaxTest = 300)]
    public void Wandering_IsToldInSteps(int seed)
    {
        var random = new Random(seed);
        var (told, expected) = ((ToldArrival?)null, 60.0);
        for (var minute = 0; minute < 55; minute++)
        {
            var now = Now.AddMinutes(minute);
            expected += (random.NextDouble() - 0.5) * 4;
            var forecast = Expect(expected);
            var before = told?.Arrival.Expected ?? Visit.Planned!.Value.Start;
            var step = ArrivalNews.StepOf(forecast.Arrival.Expected - now);
            if (ArrivalNews.IsNews(Visit, forecast, told, now))
            {
                Assert.True((forecast.Arrival.Expected - before).Duration() >= step);
                told = new(Visit.Planned!.Value.Start, forecast.Arrival, forecast.Punctuality, now);
            }
            else
            {
                Assert.True((forecast.Arrival.Expected - before).Duration() < step);
            }
        }
    }

    private static VisitForecast Expect(double minutes, Punctuality punctuality = Punctuality.OnTime)
    {
        var at = Now.AddMinutes(minutes);
        return new(Visit.Id, new(at.AddMinutes(-5), at, at.AddMinutes(5)), new(at, at, at), punctuality, 0);
    }

    private static ToldArrival Told(double minutes) => new(Visit.Planned!.Value.Start, Expect(minutes).Arrival, Punctuality.OnTime, Now.AddMinutes(-1));
}
