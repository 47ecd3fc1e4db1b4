using System.Globalization;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform;

namespace ChargeCars.Conversations.Templates;

/// <summary>Times, days and kinds of work as customers read them. The host needs no cultures (ICU) for it.</summary>
internal static class TemplateWords
{
    private static readonly string[] DutchDays = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];

    private static readonly string[] DutchMonths =
        ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

    /// <summary>A day, such as <c>dinsdag 2 maart</c> or <c>Tuesday 2 March</c>.</summary>
    public static string Day(DateOnly day, TemplateLanguage language) => language == TemplateLanguage.Nl
        ? string.Create(CultureInfo.InvariantCulture, $"{DutchDays[(int)day.DayOfWeek]} {day.Day} {DutchMonths[day.Month - 1]}")
        : day.ToString("dddd d MMMM", CultureInfo.InvariantCulture);

    /// <summary>The day of a moment, by the clock on the wall.</summary>
    public static string? Day(DateTimeOffset? moment, TemplateLanguage language) => moment is { } at ? Day(WallClock.DateOf(at), language) : null;

    /// <summary>A time by the clock on the wall, such as <c>09:05</c>.</summary>
    public static string? Time(DateTimeOffset? moment) => moment is { } at ? WallClock.TimeText(at) : null;

    /// <summary>What an order is for.</summary>
    public static string Of(OrderType type, TemplateLanguage language) => (type, language) switch
    {
        (OrderType.Installation, TemplateLanguage.Nl) => "installatie",
        (OrderType.Service, TemplateLanguage.Nl) => "service",
        (OrderType.Upgrade, TemplateLanguage.Nl) => "uitbreiding",
        (OrderType.Removal, TemplateLanguage.Nl) => "verwijdering",
        _ => WireText.Of(type),
    };

    /// <summary>What a visit is for.</summary>
    public static string Of(VisitType type, TemplateLanguage language) => (type, language) switch
    {
        (VisitType.Survey, TemplateLanguage.Nl) => "schouw",
        (VisitType.Install, TemplateLanguage.Nl) => "installatie",
        (VisitType.Service, TemplateLanguage.Nl) => "service",
        (VisitType.Rework, TemplateLanguage.Nl) => "herstel",
        (VisitType.Removal, TemplateLanguage.Nl) => "verwijdering",
        (VisitType.Install, _) => "installation",
        _ => WireText.Of(type),
    };
}
