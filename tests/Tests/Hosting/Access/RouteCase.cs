namespace ChargeCars.Tests.Hosting.Access;

/// <summary>What a route's parameter, or its body, names.</summary>
internal enum Thing
{
    /// <summary>Nothing that belongs to anybody.</summary>
    None,
    Vehicle,
    Geofence,
    Session,
    User,
    Role,
    ApiKey,
    Series,
}

/// <summary>How a route is asked well, and what it answers to whoever has its permissions. Without them the answer is 403, always.</summary>
/// <param name="Route">The method and the pattern, as mapped; an ending <c>*</c> stands for any ending.</param>
/// <param name="Answer">The status for an object of the caller's own, or where there is none.</param>
/// <param name="Thing">What it is about: what is foreign is answered as what nobody has.</param>
internal sealed record RouteCase(string Route, int Answer, Thing Thing = Thing.None)
{
    /// <summary>The status for a foreign object, and for one that nobody has.</summary>
    public int Foreign { get; init; } = 404;

    /// <summary>Who gets another answer than the rest of those who may, and which.</summary>
    public IReadOnlyList<(Func<Persona, bool> Who, int Answer)> Instead { get; init; } = [];

    /// <summary>Whether the call uses its object up.</summary>
    public bool UsesUp { get; init; }

    /// <summary>Whether the call may end the session, or change the account, that it comes by.</summary>
    public bool Harms { get; init; }

    /// <summary>Whether a call costs a hash of a password: asked by few then.</summary>
    public bool Costly { get; init; }

    /// <summary>The body for an object.</summary>
    public Func<Things, string, Task<object>>? Body { get; init; }

    public string Query { get; init; } = "";

    /// <summary>The other parameters of the route.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>What the answer lists: never one that is foreign.</summary>
    public Thing Lists { get; init; }

    /// <summary>Whether each own one is in the list, whatever became of it.</summary>
    public bool ListsOwn { get; init; }

    public bool Covers(string route) => Route[^1] == '*' ? route.StartsWith(Route[..^1], StringComparison.Ordinal) : route == Route;

    /// <summary>Whether the route is nothing for such a caller, whatever it names.</summary>
    public bool IsForOthers(Persona persona) => Instead.Any(exception => exception.Who == Who.IsProgram && exception.Who(persona));

    public int Expected(Persona persona) =>
        Instead.Where(exception => exception.Who(persona)).Select(exception => (int?)exception.Answer).FirstOrDefault() ?? Answer;
}

/// <summary>Who an exception is for.</summary>
internal static class Who
{
    public static bool IsProgram(Persona persona) => persona.Role is null;

    public static bool IsLimited(Persona persona) => persona.IsLimited;

    public static bool IsPartner(Persona persona) => persona.Partner is not null;

    public static bool DrivesInATeam(Persona persona) => persona.Role is not null && persona.OwnVans is not null;

    public static bool SeesNotAllVans(Persona persona) => persona.OwnVans is not null || persona.Partner is not null;

    public static bool SeesNobody(Persona persona) => persona.BusinessEntity is not null || persona.OwnVans is not null;

    /// <summary>Nobody gives what they lack.</summary>
    public static Func<Persona, bool> Lacks(params string[] permissions) => persona => !persona.May(permissions);
}
