using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Due;

/// <summary>Two hosts on one database, and orders with visits: an order's cancellation cancels them, and each tells the order.</summary>
internal sealed class DueSite(DurableDatabase database, IReadOnlyList<HostProcess> hosts, HttpClient http, Guid customer, Guid contact, Guid address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>As often as one is tried before it stops. Tries while the dead host's grains have no new place count too.</summary>
    public const int Attempts = 12;

    /// <summary>What both hosts run with: a short lease and short waits between tries, so that a round takes seconds.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["ChargeCars__DueCommands__Lease"] = "00:00:02",
        ["ChargeCars__DueCommands__Attempts"] = $"{Attempts}",
        ["ChargeCars__DueCommands__LongestWait"] = "00:00:02",
    };

    public DurableDatabase Database => database;

    public IReadOnlyList<HostProcess> Hosts => hosts;

    public static async Task<DueSite> MakeAsync(DurableDatabase database, IReadOnlyList<HostProcess> hosts, HttpClient http)
    {
        var site = new DueSite(database, hosts, http, default, default, default);
        var customer = await site.PostAsync(hosts[0], "/api/organizations", new { name = "Drill", organizationType = "customer_business", businessEntity = "chargecars" });
        var contact = await site.PostAsync(hosts[0], "/api/contacts", new { firstName = "Anna", lastName = "Jansen", email = "anna@example.nl", organizationId = customer });
        var address = await site.PostAsync(hosts[0], "/api/addresses", new
        {
            entityType = "organization",
            entityId = customer,
            addressType = "installation",
            streetAddress = "Hogebiezendijk",
            streetNumber = "44",
            postalCode = "3401RT",
            city = "IJsselstein",
        });
        return new(database, hosts, http, customer, contact, address);
    }

    /// <summary>An order with visits, all of which it knows of.</summary>
    public async Task<(Guid Order, IReadOnlyList<Guid> Visits)> NewOrderAsync(HostProcess host, int count)
    {
        var order = await PostAsync(host, "/api/orders", new
        {
            orderType = "service",
            businessEntity = "chargecars",
            customerOrganizationId = customer,
            primaryContactId = contact,
            installationAddressId = address,
        });
        var visits = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            visits.Add(await PostAsync(host, $"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = 60 }));
        }

        await SettledAsync(order, visits);
        return (order, visits);
    }

    public Task<JsonElement> CancelOrderAsync(HostProcess host, Guid order) => ActAsync(host, $"/api/orders/{order}/actions/cancel", new { reason = "the customer moved" });

    public Task<JsonElement> CancelVisitAsync(HostProcess host, Guid visit) => ActAsync(host, $"/api/visits/{visit}/actions/cancel", new { reason = "by hand" });

    /// <summary>Tries one that has stopped again, as an administrator does.</summary>
    public Task<JsonElement> RetryAsync(HostProcess host, Guid due) => ActAsync(host, $"/api/due-commands/{due}/actions/retry", new { });

    /// <summary>What administrators see of an order's consequences that ended without effect.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListedAsync(HostProcess host, Guid order, string state) =>
    [
        .. (await http.GetFromJsonAsync<JsonElement>(new Uri(host.Url, $"/api/due-commands?state={state}&originId={order}"))).GetProperty("items").EnumerateArray(),
    ];

    /// <summary>Waits until nothing of them is to be done any more, and says how long that was.</summary>
    public async Task<TimeSpan> SettledAsync(Guid order, IReadOnlyList<Guid> visits)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (await database.ScalarAsync<long>(
            "SELECT count(*) FROM due_command WHERE state = 'pending' AND (target_id = $1 OR target_id = ANY ($2))", order, visits.ToArray()) > 0)
        {
            if (clock.Elapsed > Patience)
            {
                throw new DrillException($"What follows from order {order} is not done within {Patience}.");
            }

            await Task.Delay(20);
        }

        return clock.Elapsed;
    }

    private async Task<Guid> PostAsync(HostProcess host, string path, object body) => (await ActAsync(host, path, body)).GetProperty("id").GetGuid();

    // Asked with one key until it is answered: the other host may have died a moment ago, and its grains with it.
    private async Task<JsonElement> ActAsync(HostProcess host, string path, object body)
    {
        var (key, clock) = (Guid.NewGuid().ToString(), System.Diagnostics.Stopwatch.StartNew());
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, path)) { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                {
                    return JsonSerializer.Deserialize<JsonElement>(text);
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable && !text.Contains("still-running", StringComparison.Ordinal))
                {
                    throw new DrillException($"{path} was answered {(int)answer.StatusCode}: {text}");
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && clock.Elapsed < Patience)
            {
                // Asked again below.
            }

            if (clock.Elapsed > Patience)
            {
                throw new DrillException($"{path} was not answered within {Patience}.");
            }

            await Task.Delay(100);
        }
    }
}
