using System.Globalization;
using System.Text;

namespace ChargeCars.Silo.Demo;

/// <summary>Somebody of the demo, a customer or a colleague. No name is anybody's, and the mail domains are reserved for examples.</summary>
internal sealed record DemoPerson(string FirstName, string LastName)
{
    private static readonly string[] FirstNames =
    [
        "Anna", "Bram", "Carla", "Daan", "Emma", "Fatima", "Gijs", "Hanna", "Ibrahim", "Joris", "Karin", "Lars", "Mila", "Noah", "Olga", "Pieter",
        "Quinten", "Roos", "Sanne", "Thijs", "Ursula", "Victor", "Wouter", "Yasmin", "Zoë", "Youssef", "Femke", "Sem", "Lotte", "Niels",
    ];

    private static readonly string[] LastNames =
    [
        "Bakker", "de Boer", "Bos", "Dekker", "Dijkstra", "van Dongen", "El Amrani", "de Graaf", "de Groot", "Hendriks", "van Leeuwen", "Jansen",
        "Kok", "Kuipers", "van der Meer", "Meijer", "Mulder", "Peters", "Postma", "Prins", "Schouten", "Smits", "van Dam", "Verhoeven",
        "Vermeulen", "Visser", "de Vries", "Willems", "de Wit", "Yılmaz",
    ];

    public string Name => $"{FirstName} {LastName}";

    public static DemoPerson Of(Dice dice) => new(FirstNames[dice.Pick(1, FirstNames.Length)], LastNames[dice.Pick(2, LastNames.Length)]);

    /// <summary>An address that reaches nobody.</summary>
    public string EmailAt(string domain) => $"{Plain(FirstName)}.{Plain(LastName)}@{domain}";

    // Only letters that every mail program takes.
    private static string Plain(string name) => new([.. name.Normalize(NormalizationForm.FormD).Replace('ı', 'i')
        .Where(letter => char.IsAsciiLetter(letter)).Select(letter => char.ToLower(letter, CultureInfo.InvariantCulture))]);
}
