using System.Globalization;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;

namespace ChargeCars.Silo.Demo;

/// <summary>A customer and what they want. All of it follows from the key and the dice, so that every start has the same.</summary>
internal class DemoRequest
{
    private static readonly string[] Streets =
    [
        "Dorpsstraat", "Kerkstraat", "Molenweg", "Schoolstraat", "Stationsweg", "Julianalaan", "Beatrixstraat", "Industrieweg", "Parallelweg", "Hoofdstraat",
        "Wilgenlaan", "Eikenlaan", "Zuidsingel", "Havenkade", "Koningsplein", "Tulpstraat", "Ambachtsweg", "Singel", "Oranjestraat", "Lindelaan",
    ];

    private static readonly string[] Firms = ["Autobedrijf", "Bouwbedrijf", "Garage", "Hotel", "Makelaardij", "Tandartspraktijk", "Transport", "Vastgoed"];

    // Without the letters and pairs that postcodes leave out.
    private const string PostalLetters = "ABCDEGHJKLMNPRTVWXZ";

    /// <summary>Makes it up.</summary>
    /// <param name="key">By which all that belongs to it is found again.</param>
    /// <param name="dice">Its own.</param>
    /// <param name="town">The customer's.</param>
    /// <param name="place">The door.</param>
    public DemoRequest(string key, Dice dice, Town town, Place place)
    {
        (Key, Dice, Town, Place) = (key, dice, town, place);
        Contact = DemoPerson.Of(dice.For(1));
        IsFirm = dice.Throw(2) < 0.3;
        Customer = IsFirm ? $"{Firms[dice.Pick(3, Firms.Length)]} {Contact.LastName}" : Contact.Name;
        OrderType = dice.Throw(4) switch { < 0.5 => OrderType.Installation, < 0.75 => OrderType.Service, < 0.9 => OrderType.Upgrade, _ => OrderType.Removal };
        VisitType = OrderType switch
        {
            OrderType.Service or OrderType.Upgrade => VisitType.Service,
            OrderType.Removal => VisitType.Removal,
            // Before most installations somebody comes to look.
            _ => dice.Throw(13) < 0.3 ? VisitType.Survey : VisitType.Install,
        };
        Priority = dice.Throw(5) switch { < 0.05 => PriorityLevel.Urgent, < 0.2 => PriorityLevel.High, < 0.9 => PriorityLevel.Normal, _ => PriorityLevel.Low };
    }

    /// <summary>By which all that belongs to it is found again.</summary>
    public string Key { get; }

    public DemoPerson Contact { get; }

    /// <summary>Whether the customer is a business.</summary>
    public bool IsFirm { get; }

    /// <summary>The customer's name.</summary>
    public string Customer { get; }

    public OrderType OrderType { get; }

    public VisitType VisitType { get; }

    public PriorityLevel Priority { get; }

    public Town Town { get; }

    /// <summary>Where the van stands, at the door.</summary>
    public Place Place { get; }

    public string Street => Streets[Dice.Pick(7, Streets.Length)];

    public string HouseNumber => (1 + Dice.Pick(8, 180)).ToString(CultureInfo.InvariantCulture);

    public string Postcode => $"{Town.PostalDigits}{PostalLetters[Dice.Pick(9, PostalLetters.Length)]}{PostalLetters[Dice.Pick(10, PostalLetters.Length)]}";

    /// <summary>The charger that is hung; its number is nobody's else.</summary>
    public string SerialNumber => string.Create(CultureInfo.InvariantCulture, $"DEMO-{Dice.Pick(14, 1_000_000):D6}-{Dice.Pick(15, 1_000_000):D6}");

    protected Dice Dice { get; }
}
