namespace ChargeCars.Bench.Conversations;

/// <summary>What customers and the office write: Dutch for the most part, some English; a few words in every message and most in few.</summary>
internal static class Correspondence
{
    private static readonly string[] Common = """
        de het een en van ik te dat die in is wij niet zijn op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze zich bij
        ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu geen omdat iets worden toch al waren veel meer doen toen
        moet ben zonder kan hun dus alles onder ja the of and to is you that it we have for not with as this but they from or by one had what were when
        your can said there use an each which she do how their if will
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Trade = """
        laadpaal storing monteur afspraak offerte factuur kabel meterkast groep aardlek lampje rood blauw knippert app pas laden auto stopcontact
        installatie oprit garage verlengen verzetten morgen vanmiddag volgende week spoed graag antwoord bedankt groet foto bijlage adres huisnummer
        postcode leverancier garantie serienummer vermogen fase zekering vervangen aansluiting netbeheerder verzwaring subsidie wachtwoord account
        betaling termijn korting lease werkgever vereniging eigenaren parkeerplaats charger installation appointment engineer invoice cable warranty
        broken blinking tomorrow afternoon reschedule please thanks urgent driveway
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Heads =
    [
        "jan", "vries", "berg", "dijk", "smit", "bak", "meer", "boer", "mul", "bos", "vos", "kok", "haan", "veen", "kuip", "blom", "mol", "hoek", "zand",
        "poort",
    ];

    private static readonly string[] Tails =
    [
        "stra", "huis", "horst", "laar", "veld", "mans", "kamp", "beek", "burg", "mond", "wijk", "sluis", "oord", "donk", "rade", "hof", "dam", "ing",
    ];

    private static readonly string[] Ends = ["", "er", "sen", "ema", "inga", "aar", "tje", "ens", "is", "el", "on", "ke"];

    /// <summary>A name that some hundreds of messages have.</summary>
    public static string Name(Random random) => Heads[random.Next(Heads.Length)] + Tails[random.Next(Tails.Length)] + Ends[random.Next(Ends.Length)];

    /// <summary>A word of the trade, which many messages have.</summary>
    public static string Word(Random random) => Trade[(int)(Trade.Length * Math.Pow(random.NextDouble(), 2))];

    /// <summary>An order's number.</summary>
    public static string Number(Random random) => $"CC-ORD-2025-{random.Next(100_000):000000}";

    /// <summary>What one message says.</summary>
    public static string Text(Random random)
    {
        var words = new string[random.Next(15, 60)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = random.Next(100) switch { < 60 => Common[random.Next(Common.Length)], < 92 => Word(random), < 98 => Name(random), _ => Number(random) };
        }

        return $"Beste {Name(random)},\n\n{string.Join(' ', words)}.\n\nMet vriendelijke groet,\n{Name(random)}";
    }
}
