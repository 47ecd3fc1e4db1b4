using System.Collections.Frozen;
using PublicHoliday;

namespace ChargeCars.Orders.Deadlines;

/// <summary>The Dutch public holidays of a year, as a business entity keeps them.</summary>
public static class DutchHolidays
{
    /// <summary>
    /// New Year, Easter Monday, Koningsdag (26 April where the 27th is a Sunday), Ascension, Whit Monday and both days of Christmas;
    /// Bevrijdingsdag and Good Friday as the settings say.
    /// </summary>
    public static FrozenSet<DateOnly> Of(int year, CalendarSettings settings)
    {
        List<DateTime> days =
        [
            DutchPublicHoliday.NewYear(year), DutchPublicHoliday.EasterMonday(year), DutchPublicHoliday.KingsDay(year),
            DutchPublicHoliday.Ascension(year), DutchPublicHoliday.PentecostMonday(year), DutchPublicHoliday.Christmas(year),
            DutchPublicHoliday.BoxingDay(year),
        ];
        if (settings.LiberationDay == LiberationDayRule.EveryYear || (settings.LiberationDay == LiberationDayRule.EveryFiveYears && year % 5 == 0))
        {
            days.Add(new DateTime(year, 5, 5));
        }

        if (settings.IsGoodFridayOff)
        {
            days.Add(DutchPublicHoliday.GoodFriday(year));
        }

        return days.Select(DateOnly.FromDateTime).ToFrozenSet();
    }
}
