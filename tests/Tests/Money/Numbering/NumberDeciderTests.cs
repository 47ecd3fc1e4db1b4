using ChargeCars.Money.Numbering;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace ChargeCars.Tests.Money.Numbering;

public sealed class NumberDeciderTests
{
    private static readonly NumberSeries Invoices = new(BusinessEntity.Chargecars, NumberType.Invoice);
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-12-31T22:59:59.9999999Z", 2026)]
    [InlineData("2026-12-31T23:00:00Z", 2027)]
    [InlineData("2027-01-01T00:00:00Z", 2027)]
    [InlineData("2026-06-30T22:30:00Z", 2026)]
    public void BusinessYear_AroundNewYear_IsThatOfAmsterdam(string moment, int year) =>
        Assert.Equal(year, BusinessYear.Of(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(BusinessEntity.Chargecars, NumberType.Invoice, 42, "CC-INV-2026-00042")]
    [InlineData(BusinessEntity.Laderthuis, NumberType.Order, 1, "LTH-ORD-2026-00001")]
    [InlineData(BusinessEntity.Meterkastthuis, NumberType.Quote, 99_999, "MKH-QUO-2026-99999")]
    [InlineData(BusinessEntity.Zaptecshop, NumberType.Visit, 100_000, "ZTS-VIS-2026-100000")]
    [InlineData(BusinessEntity.Ratioshop, NumberType.Invoice, 7, "RTS-INV-2026-00007")]
    public void Format_OfASeries_HasItsPrefixYearAndPaddedSequence(BusinessEntity entity, NumberType type, int sequence, string printed) =>
        Assert.Equal(printed, NumberFormat.Of(NumberFormat.DefaultPrefix(new(entity, type)), 2026, sequence));

    [Fact]
    public void DefaultPrefixes_OfAllSeries_AreDistinct()
    {
        var prefixes = Enum.GetValues<BusinessEntity>()
            .SelectMany(entity => Enum.GetValues<NumberType>().Select(type => NumberFormat.DefaultPrefix(new(entity, type))))
            .ToArray();

        Assert.Equal(20, prefixes.Distinct().Count());
    }

    [Property]
    public bool Format_OfTwoPlaces_IsTheSameOnlyForTheSamePlace(PositiveInt one, PositiveInt other, bool nextYear) =>
        (NumberFormat.Of("CC-INV-", 2026, one.Get) == NumberFormat.Of("CC-INV-", nextYear ? 2027 : 2026, other.Get))
        == (one.Get == other.Get && !nextYear);

    [Property]
    public Property Advance_InCommitsOfAnySize_CountsOnWithoutGap() => Prop.ForAll(
        Gen.Choose(1, 40).ListOf().ToArbitrary(),
        sizes =>
        {
            var counter = NumberDecider.Open(Invoices, 2026, null, Now);
            var given = new List<int>();
            foreach (var size in sizes)
            {
                var advance = NumberDecider.Advance(counter, [.. Enumerable.Range(0, size).Select(_ => Guid.NewGuid())], Now);
                given.AddRange(advance.Numbers.Select(number => number.Sequence));
                counter = advance.After;
                if (NumberDecider.Refusal(counter) is not null)
                {
                    return false;
                }
            }

            return given.SequenceEqual(Enumerable.Range(1, sizes.Sum())) && counter.Version == sizes.Count;
        });

    [Theory]
    [InlineData(0, null, null, true)]
    [InlineData(1200, null, null, true)]
    [InlineData(1200, 1200, null, true)]
    [InlineData(1200, 1300, null, false)]
    [InlineData(-1, null, null, false)]
    [InlineData(50, 50, 50, true)]
    [InlineData(10, 50, 50, false)]
    [InlineData(60, 50, 50, false)]
    [InlineData(60, 60, 50, false)]
    [InlineData(40, 40, 50, false)]
    [InlineData(50, null, 50, false)]
    [InlineData(int.MaxValue, null, null, false)]
    public void Refusal_OfACounter_IsForOneThatSomebodyMoved(int current, int? reached, int? given, bool sound)
    {
        var counter = new NumberCounter(Guid.NewGuid(), Invoices, 2026, 3, current, "CC-INV-") { MaxReached = reached, HighestGiven = given };

        var refusal = NumberDecider.Refusal(counter);

        Assert.Equal(sound, refusal is null);
        Assert.True(sound || (refusal!.Code == "counter_moved" && refusal.Detail.Contains(counter.Id.ToString(), StringComparison.Ordinal)));
    }
}
