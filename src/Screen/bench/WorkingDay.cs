using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Screen.Bench;

/// <summary>A large day of work: teams with a van each, and visits of today, most of which are planned on them.</summary>
internal sealed class WorkingDay
{
    /// <summary>So many visits a team has; they fill the day from six o'clock on.</summary>
    private const int PerTeam = 6;

    private static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");
    private static readonly string[] Towns = ["Hilversum", "Baarn", "Zwolle", "Breda", "Leeuwarden", "Utrecht", "Amersfoort", "Venlo", "Assen", "Goes"];

    private readonly HttpClient _http;
    private readonly (Guid Id, Guid Team, Guid Van, DateTimeOffset Start)[] _planned;
    private readonly bool[] _isLater;
    private int _turn;

    private WorkingDay(HttpClient http, (Guid Id, Guid Team, Guid Van, DateTimeOffset Start)[] planned) =>
        (_http, _planned, _isLater) = (http, planned, new bool[planned.Length]);

    /// <summary>Those that are planned, the team that is first in the schedule first.</summary>
    public IReadOnlyList<Guid> Planned => Array.ConvertAll(_planned, visit => visit.Id);

    /// <summary>A visit's number.</summary>
    public async Task<string> NumberAsync(Guid visit) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/api/visits/{visit}")).GetProperty("number").GetString()!;

    public static async Task<WorkingDay> CreateAsync(HttpClient http, IReadOnlyList<Guid> vans, int teams, int visits)
    {
        var places = new (Guid Customer, Guid Contact, Guid Address)[Towns.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var customer = await IdAsync(http, "/api/organizations", new { name = $"Klant {Towns[i]}", organizationType = "customer_business" });
            var contact = await IdAsync(http, "/api/contacts", new { firstName = "Anna", lastName = Towns[i], email = $"anna-{i}@example.nl", organizationId = customer });
            places[i] = (customer, contact, await IdAsync(http, "/api/addresses", new
            {
                entityType = "organization", entityId = customer, addressType = "installation", streetAddress = "Neuweg", streetNumber = $"{i + 1}", postalCode = "1211LX", city = Towns[i],
            }));
        }

        var crews = new Guid[teams];
        await Parallel.ForAsync(0, teams, Wide(), async (i, _) =>
            crews[i] = await IdAsync(http, "/api/teams", new { name = $"Ploeg {i:D3}", businessEntity = "chargecars", vehicleId = vans[i] }));
        var planned = new (Guid Id, Guid Team, Guid Van, DateTimeOffset Start)[Math.Min(visits, teams * PerTeam)];
        await Parallel.ForAsync(0, visits, Wide(), async (i, cancellation) =>
        {
            var (customer, contact, address) = places[i % places.Length];
            var order = await IdAsync(http, "/api/orders", new
            {
                orderType = "service", businessEntity = "chargecars", customerOrganizationId = customer, primaryContactId = contact, installationAddressId = address,
            });
            await ActAsync(http, $"orders/{order}", "approve", new { }, cancellation);
            var visit = await IdAsync(http, $"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = 60 });
            if (i < planned.Length)
            {
                var (team, start) = (i / PerTeam, Today(6.5 + 2 * (i % PerTeam)));
                planned[i] = (visit, crews[team], vans[team], start);
                await ActAsync(http, $"visits/{visit}", "schedule", Slot(planned[i], start), cancellation);
            }
        });
        return new(http, planned);
    }

    /// <summary>Moves a visit after the other to and fro, so many a second, as colleagues do, until it is told to stop.</summary>
    public async Task PlanAsync(int perSecond, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await MoveAsync(_turn++ % _planned.Length);
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to.
        }
    }

    private Task MoveAsync(int index)
    {
        _isLater[index] = !_isLater[index];
        var visit = _planned[index];
        return ActAsync(_http, $"visits/{visit.Id}", "reschedule", Slot(visit, visit.Start.AddMinutes(_isLater[index] ? 30 : 0)), CancellationToken.None);
    }

    private static object Slot((Guid Id, Guid Team, Guid Van, DateTimeOffset Start) visit, DateTimeOffset start) =>
        new { scheduledStart = start, scheduledEnd = start.AddHours(1), teamId = visit.Team, vehicleId = visit.Van };

    private static DateTimeOffset Today(double hour)
    {
        var time = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Amsterdam).Date.AddHours(hour);
        return new(TimeZoneInfo.ConvertTimeToUtc(time, Amsterdam), TimeSpan.Zero);
    }

    private static ParallelOptions Wide() => new() { MaxDegreeOfParallelism = 16 };

    private static async Task<Guid> IdAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? made.GetProperty("id").GetGuid() : throw new InvalidOperationException($"{path}: {made}");
    }

    private static async Task ActAsync(HttpClient http, string what, string action, object body, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync($"/api/{what}/actions/{action}", body, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{what} {action}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
