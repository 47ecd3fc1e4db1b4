using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Orders;
using ChargeCars.Tests.Platform.Audit;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Conversations.Tracking;

/// <summary>An order whose customer has a number of their own, with a visit that a van drives to.</summary>
internal sealed partial class Underway
{
    private readonly RunningHost _host;

    private Underway(RunningHost host, OrderRun order, Guid visit, Guid van, string number) =>
        (_host, Order, Visit, Van, Number) = (host, order, visit, van, number);

    public OrderRun Order { get; }

    public Guid Visit { get; }

    public Guid Van { get; }

    public string Number { get; }

    public Guid Link => TrackingLink.IdOf(Visit);

    public static Guid Message(Guid link, int number) => NameBasedId.Of($"{link}/notice/{number}");

    /// <summary>Turns the notices of a name on or off.</summary>
    public static async Task SetAsync(RunningHost host, string entity, object? onTheWay)
    {
        var id = await host.ScalarAsync<Guid>($"SELECT id FROM business_entity WHERE entity_code = '{entity}'");
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var version = (await host.Administrator.ReadAsync($"/api/business-entities/{id}")).GetProperty("version").GetInt64();
            using var changed = await host.Administrator.MergePatchAsync($"/api/business-entities/{id}", $"{version}", JsonSerializer.Serialize(new { onTheWay }));
            if (changed.IsSuccessStatusCode)
            {
                return;
            }
        }

        Assert.Fail($"{entity} could not be changed.");
    }

    /// <summary>A number from which a name's text messages come; the first one made is the one that is used.</summary>
    public static Task OpenSmsAsync(RunningHost host, string entity) => ObservedChange.AsideAsync(host.Database, $"""
        INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
        SELECT gen_random_uuid(), id, 'sms', 'Sms', '+3197010{Random.Shared.Next(100_000, 999_999)}' FROM business_entity b WHERE entity_code = '{entity}'
            AND NOT EXISTS (SELECT FROM communication_channel c WHERE c.business_entity_id = b.id AND c.channel = 'sms')
        """);

    /// <summary>A planned visit, whose van stands some kilometres away.</summary>
    public static async Task<Underway> PlanAsync(RunningHost host, string entity, bool withVan = true, double kilometres = 5)
    {
        await OpenSmsAsync(host, entity);
        var (admin, number) = (host.Administrator, $"+3161{Random.Shared.Next(1_000_000, 9_999_999)}");
        var order = await OrderRun.NewAsync(host, new { businessEntity = entity });
        var contact = order.Made.GetProperty("primaryContactId").GetGuid();
        var version = (await admin.ReadAsync($"/api/contacts/{contact}")).GetProperty("version").GetInt64();
        await (await admin.MergePatchAsync($"/api/contacts/{contact}", $"{version}", JsonSerializer.Serialize(new { mobile = number, firstName = "Els" }))).JsonAsync();
        var address = order.Made.GetProperty("installationAddressId").GetGuid();
        version = (await admin.ReadAsync($"/api/addresses/{address}")).GetProperty("version").GetInt64();
        await (await admin.MergePatchAsync($"/api/addresses/{address}", $"{version}", """{"coordinates":{"latitude":51.5,"longitude":5.5}}""")).JsonAsync();
        await order.ActAsync("approve");
        var installer = await Sample.CreateAsync(host, "contact");
        version = (await admin.ReadAsync($"/api/contacts/{installer}")).GetProperty("version").GetInt64();
        await (await admin.MergePatchAsync($"/api/contacts/{installer}", $"{version}", """{"firstName":"Jan"}""")).JsonAsync();
        var visit = await order.VisitAsync(new { visitType = "service", estimatedMinutes = 60, assignees = new[] { new { contactId = installer, role = "lead" } } });
        var van = await host.CreateVehicleAsync();
        var run = new Underway(host, order, visit, van, number);
        var start = WorkDay.At(10);
        await order.VisitActAsync(visit, "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = withVan ? van : (Guid?)null });
        if (withVan)
        {
            await run.SeenAsync(kilometres, DateTimeOffset.UtcNow.AddMinutes(-8));
        }

        return run;
    }

    /// <summary>The same where the van has set out and the customer was told.</summary>
    public static async Task<Underway> BeginAsync(RunningHost host, string entity)
    {
        await SetAsync(host, entity, new { isOn = true, language = "nl", shiftMinutes = 15 });
        var run = await PlanAsync(host, entity);
        await run.DepartAsync();
        await run.SentAsync(1);
        return run;
    }

    public Task DepartAsync() => Order.VisitActAsync(Visit, "depart", new { occurredAt = DateTimeOffset.UtcNow.AddMinutes(-8) });

    /// <summary>The van is seen so far from the customer; known to all readers when this answers.</summary>
    public async Task SeenAsync(double kilometres, DateTimeOffset at)
    {
        var latitude = 51.5 + (kilometres / 111.2);
        using var sent = await _host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = Van, fixTime = at, latitude, longitude = 5.5, accuracyMeters = 5, speedKmh = 80 } },
        });
        Assert.Equal(0, (await sent.JsonAsync()).GetProperty("rejected").GetArrayLength());
        await _host.UntilAsync("vehicle", async () => await _host.ScalarAsync<bool>(string.Create(
            CultureInfo.InvariantCulture, $"SELECT abs(coalesce((current_location ->> 'latitude')::float8, 0) - {latitude}) < 0.00001 FROM vehicle WHERE id = '{Van}'")));
    }

    /// <summary>What left as a notice of a number, as soon as it has.</summary>
    public async Task<string> SentAsync(int number)
    {
        var message = Message(Link, number);
        await _host.UntilAsync("communication_message", async () =>
            await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE id = '{message}' AND status = 'sent'") == 1);
        return JsonDocument.Parse(await File.ReadAllTextAsync(Assert.Single(FilesOf(_host, message)))).RootElement.GetProperty("text").GetString()!;
    }

    /// <summary>What was handed over of a message, one file each time.</summary>
    public static string[] FilesOf(RunningHost host, Guid message) =>
        Directory.GetFiles(Path.Combine(Path.GetDirectoryName(host.MasterKeyFile)!, "outbox", "messages"), $"{message:n}*");

    /// <summary>Whatever follows from the departure has been done, or refused.</summary>
    public Task SettledAsync() => _host.UntilAsync("due_command", async () => await _host.ScalarAsync<long>(
        $"SELECT count(*) FROM due_command WHERE target_id = '{Link}' AND state <> 'pending'") > 0
        && await _host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE target_id = '{Link}' AND state = 'pending'") == 0);

    /// <summary>The visit at ten o'clock of a day to come, and the token of a link that its customer has before anybody sets out.</summary>
    public static async Task<(Underway Run, string Token)> PlanAheadAsync(RunningHost host, string entity, int days = 3)
    {
        var run = await PlanAsync(host, entity);
        await run.RescheduleAsync(days);
        var visit = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Visit>>(run.Visit).GetAsync();
        Assert.True((await host.Services.GetRequiredService<TrackingLinks>().OpenAsync(visit.Value!, new(Guid.CreateVersion7(), Actor.System))).Succeeded);
        return (run, await run.TokenAsync());
    }

    /// <summary>A dispatcher moves the visit to ten o'clock, so many days from now.</summary>
    public Task RescheduleAsync(int days)
    {
        var start = WorkDay.At(10, days);
        return Order.VisitActAsync(Visit, "reschedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1) });
    }

    public async Task<string> TokenAsync() => (await _host.Services.GetRequiredService<TrackingLinks>().TokenAsync(Link, CancellationToken.None))!;

    /// <summary>The token in a text that left.</summary>
    public static string TokenIn(string text) => Address().Match(text).Groups[1].Value;

    [GeneratedRegex(@"https://ops\.example\.nl/track/([\w-]{22})(?![\w-])")]
    private static partial Regex Address();
}
