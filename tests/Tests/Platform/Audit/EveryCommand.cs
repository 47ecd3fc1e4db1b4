using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChargeCars.Alerts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Identity;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Identity.Sessions;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders.Visits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Platform.Audit;

/// <summary>Every command of every kind of row, over HTTP or as the host itself does it.</summary>
internal static class EveryCommand
{
    private const string Password = "a password of every command";
    private const string Other = "another password of it";

    public static async Task RunAsync(RunningHost host, KeptNotifications sent)
    {
        await VehiclesAsync(host);
        await GeofencesAsync(host);
        await EntitiesAsync(host);
        await OrdersAsync(host);
        await StockAsync(host);
        await CallsAsync(host);
        await AlertsAsync(host);
        await ThreadsAsync(host);
        await ErasureAsync(host);
        await NumbersAsync(host);
        await RolesAndKeysAsync(host);
        var user = await UsersAsync(host);
        await AccountAsync(host, sent, user);
        await KeepingAsync(host);
    }

    private static async Task VehiclesAsync(RunningHost host)
    {
        var (admin, id) = (host.Administrator, await host.CreateVehicleAsync(new
        {
            licensePlate = "EVERY-1", vehicleType = "van", deviceId = "every-1", year = 2024, insuranceExpiry = "2027-01-31", mileageKm = 12,
            equipmentList = new { equipment = new[] { new { name = "drill", category = "tools", quantity = 2, condition = "good", lastChecked = "2026-11-01" } } },
        }));
        await OkAsync(admin.MergePatchAsync($"/api/vehicles/{id}", "1", """{"vehicleName":"Bus 7","year":2025,"equipmentList":null}"""));
        await OkAsync(admin.PostAsJsonAsync($"/api/vehicles/{id}/actions/drive", new { reason = "to the depot" }));
        await OkAsync(admin.PostAsync($"/api/vehicles/{id}/actions/park", null));
        await OkAsync(admin.PutAsync($"/api/vehicles/{id}/working-hours", "4", new { windows = new[] { new { days = new[] { "monday" }, from = "07:00", to = "18:00" } } }));
        await OkAsync(admin.DeleteAsync($"/api/vehicles/{id}/working-hours", "5"));
        await OkAsync(admin.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = id, fixTime = DateTimeOffset.UtcNow, latitude = 51.5, longitude = 4.5 } },
        }));
        var gone = await host.CreateVehicleAsync();
        await OkAsync(admin.DeleteAsync($"/api/vehicles/{gone}", "1"));
    }

    private static async Task GeofencesAsync(RunningHost host)
    {
        var admin = host.Administrator;
        var circle = await IdOfAsync(admin.PostAsJsonAsync("/api/geofences", new
        {
            name = "Depot", businessEntity = "chargecars", shape = "circle", latitude = 51.5, longitude = 4.5, radiusMeters = 200,
        }));
        await OkAsync(admin.MergePatchAsync($"/api/geofences/{circle}", "1", """{"radiusMeters":250,"isActive":false,"businessEntity":null}"""));
        await OkAsync(admin.DeleteAsync($"/api/geofences/{circle}", "2"));

        var vehicle = await host.CreateVehicleAsync();
        await IdOfAsync(admin.PostAsJsonAsync("/api/geofences", new { name = "Customer", shape = "circle", latitude = 53.1, longitude = 6.1, radiusMeters = 100 }));
        await host.Services.GetRequiredService<FenceCatalog>().RefreshAsync(CancellationToken.None);
        var start = DateTimeOffset.UtcNow.AddMinutes(-20);
        object Fix(int second, double latitude) => new { vehicleId = vehicle, fixTime = start.AddSeconds(second), latitude, longitude = 6.1, accuracyMeters = 5, speedKmh = 30 };
        await OkAsync(admin.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { Fix(0, 53.12), Fix(120, 53.1002), Fix(200, 53.1), Fix(900, 53.1), Fix(1000, 53.13) },
        }));
        // The crossings follow the answer to the fixes.
        await host.UntilAsync("geofence_event", async () => await host.ScalarAsync<long>("SELECT count(*) FROM geofence_event") >= 2);

        // The way out becomes private.
        var span = new RemovedSpan("api", start.AddSeconds(950), start.AddSeconds(1100), "its driver calls the trip private");
        Assert.True(await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IVehicleGrain>(vehicle)
            .RemovePositionsAsync(span, new CommandContext(Guid.CreateVersion7(), Actor.System)));
        Assert.Equal("entered", await host.ScalarAsync<string>($"SELECT string_agg(event_type, ',') FROM geofence_event WHERE vehicle_id = '{vehicle}'"));
    }

    // What every kind has alike; a kind's own commands follow where they are its own.
    private static async Task EntitiesAsync(RunningHost host)
    {
        foreach (var kind in host.Services.GetServices<IEntityRoutes>().Where(kind => kind.Table is not ("geofence" or "business_entity")))
        {
            var id = await Sample.CreateAsync(host, kind.Table);
            var gone = await Sample.CreateAsync(host, kind.Table);
            if (kind.IsDeletable)
            {
                await OkAsync(host.Administrator.DeleteAsync($"{kind.Route}/{gone}", "1"));
            }
        }

        var admin = host.Administrator;
        var (named, team, person) = (
            await host.ScalarAsync<Guid>("SELECT id FROM business_entity WHERE entity_code = 'ratioshop'"), await Sample.CreateAsync(host, "team"), await Sample.CreateAsync(host, "contact"));
        await OkAsync(admin.MergePatchAsync($"/api/business-entities/{named}", "1", """{"tradeName":"Ratio","emailDomains":["ratioshop.example"],"brandingConfig":{"color":"#123456"}}"""));
        var member = (await (await admin.PostAsJsonAsync($"/api/teams/{team}/members", new
        {
            contactId = person, role = "lead", skills = new[] { "three_phase" }, validFrom = "2026-01-01",
            certifications = new[] { new { name = "NEN 3140", expiresOn = "2027-01-01" } },
        })).JsonAsync()).GetProperty("members")[0].GetProperty("id").GetGuid();
        await OkAsync(admin.PutAsync($"/api/teams/{team}/members/{member}", "2", new { contactId = person, role = "installer", validFrom = "2026-01-01", validTo = "2026-12-31" }));
        await OkAsync(admin.DeleteAsync($"/api/teams/{team}/members/{member}", "3"));
        await OkAsync(admin.PostAsJsonAsync($"/api/teams/{team}/members", new { contactId = person, role = "lead", validFrom = "2027-01-01" }));
        await OkAsync(admin.DeleteAsync($"/api/teams/{team}", "5"));
        var file = await Sample.CreateAsync(host, "attachment");
        await OkAsync(admin.MergePatchAsync($"/api/attachments/{file}", "1", """{"fileName":"offerte.pdf","isPublic":true}"""));
        await OkAsync(admin.DeleteAsync($"/api/attachments/{file}", "2"));
    }

    private static async Task OrdersAsync(RunningHost host)
    {
        var (admin, partner, person) = (host.Administrator, await Sample.CreateAsync(host, "organization"), await Sample.CreateAsync(host, "contact"));
        var body = await Sample.BodyAsync(host, "order");
        body["partnerOrganizationId"] = partner;
        body["partnerExternalReferences"] = new JsonObject { ["orderId"] = "EVERY-1" };
        body["lineItems"] = new JsonArray(new JsonObject { ["quantity"] = 2, ["unitPrice"] = 10.5m, ["description"] = "Cable" });
        var order = await (await admin.PostAsJsonAsync("/api/orders", body)).JsonAsync(HttpStatusCode.Created);
        var (id, line) = (order.GetProperty("id").GetGuid(), order.GetProperty("lineItems")[0].GetProperty("id").GetGuid());
        await OkAsync(admin.MergePatchAsync($"/api/orders/{id}/line-items/{line}", "1", """{"quantity":3}"""));
        await OkAsync(admin.DeleteAsync($"/api/orders/{id}/line-items/{line}", "2"));
        await OkAsync(admin.MergePatchAsync($"/api/orders/{id}", "3", """{"partnerExternalReferences":{"orderId":"EVERY-2"},"priorityLevel":"high"}"""));
        await OkAsync(admin.PostAsync($"/api/orders/{id}/actions/approve", null));
        var visit = (await (await admin.PostAsJsonAsync($"/api/orders/{id}/visits", new { visitType = "survey", assignees = new[] { new { contactId = person, role = "lead" } } }))
            .JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await OkAsync(admin.PostAsJsonAsync($"/api/visits/{visit}/actions/schedule", new { scheduledStart = "2027-05-04T08:00:00Z", scheduledEnd = "2027-05-04T09:00:00Z" }));
        await OkAsync(admin.PutAsync($"/api/visits/{visit}/assignees", "2", new { assignees = Array.Empty<object>() }));
        await CustomerAsync(host, visit);
        await OkAsync(admin.PostAsJsonAsync($"/api/orders/{id}/actions/cancel", new { reason = "of a test" }));
        // What follows from it is carried out beside it.
        await host.UntilDueAsync("state = 'pending' AND due_at <= now()", count => count == 0);
    }

    private static async Task CustomerAsync(RunningHost host, Guid visit)
    {
        var planned = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Visit>>(visit).GetAsync();
        var links = host.Services.GetRequiredService<TrackingLinks>();
        var link = await links.OpenAsync(planned.Value!, new(Guid.CreateVersion7(), Actor.System));
        var token = await links.TokenAsync(link.Value!.Id, CancellationToken.None);
        await OkAsync(host.Anonymous().PostAsJsonAsync($"/api/track/{token}/reschedule", new { reason = "Liever later" }));
        await OkAsync(host.Anonymous().PostAsync($"/api/track/{token}/confirm", null));
    }

    private static async Task StockAsync(RunningHost host)
    {
        var (admin, product, order, shed) = (host.Administrator, await Sample.CreateAsync(host, "product"), await Sample.CreateAsync(host, "order"), await Sample.CreateAsync(host, "stock_place"));
        var (vehicle, van) = (await host.CreateVehicleAsync(), Guid.Empty);
        van = await IdOfAsync(admin.PostAsJsonAsync("/api/stock/places", new { name = "Every van", placeType = "vehicle", vehicleId = vehicle }));
        await OkAsync(admin.PutAsync($"/api/stock/places/{van}/minimums/{product}", "1", new { minimum = 2, refillTo = 4 }));
        await OkAsync(admin.PutAsync($"/api/stock/places/{van}/minimums/{product}", "2", new { minimum = 3 }));
        await OkAsync(admin.DeleteAsync($"/api/stock/places/{van}/minimums/{product}", "3"));
        await OkAsync(admin.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = shed, quantity = 5, reason = "delivery" }));
        await OkAsync(admin.PostAsJsonAsync("/api/stock/movements", new { productId = product, toPlaceId = shed, quantity = 1, serialNumber = $"EVERY-{Guid.NewGuid():n}" }));
        var kept = await IdOfAsync(admin.PostAsJsonAsync("/api/stock/reservations", new
        {
            productId = product, placeId = shed, quantity = 2, ownerType = "order", ownerId = order, expiresAt = DateTimeOffset.UtcNow.AddDays(1),
        }));
        await OkAsync(admin.PostAsJsonAsync("/api/stock/movements", new { productId = product, fromPlaceId = shed, toPlaceId = van, quantity = 2, reservationId = kept }));
        await OkAsync(admin.DeleteAsync($"/api/stock/reservations/{kept}", "2"));
        await OkAsync(admin.PostAsync("/api/stock/checks", null));
    }

    private static async Task CallsAsync(RunningHost host)
    {
        const string Tokens = "/api/telephony/aircall/tokens";
        var made = await (await host.Administrator.PostAsJsonAsync(Tokens, new { name = "Every command", businessEntity = "chargecars" })).JsonAsync(HttpStatusCode.Created);
        foreach (var (name, at) in new[] { ("call.created", 1_796_000_000), ("call.answered", 1_796_000_004), ("call.ended", 1_796_000_060) })
        {
            await OkAsync(host.Administrator.PostAsJsonAsync("/api/telephony/aircall", new
            {
                resource = "call", @event = name, timestamp = at, token = made.GetProperty("token").GetString(),
                data = new
                {
                    id = 15, direction = "inbound", raw_digits = "+31 6 12345678", cost = "1.25", started_at = 1_796_000_000, user = new { id = 1, name = "An" },
                    number = new { id = 7, name = "Service", digits = "+31 85 012 3456" }, tags = new[] { new { id = 1, name = "Storing" } },
                },
            }));
        }

        foreach (var (name, at) in new[] { ("number.created", 1_796_000_000), ("number.closed", 1_796_000_009) })
        {
            await OkAsync(host.Administrator.PostAsJsonAsync("/api/telephony/aircall", new
            {
                resource = "number", @event = name, timestamp = at, token = made.GetProperty("token").GetString(), data = new { id = 78, name = "Storing", digits = "+31 85 012 3478" },
            }));
        }

        await OkAsync(host.Administrator.PostAsJsonAsync("/api/telephony/aircall", new
        {
            resource = "summary", @event = "summary.created", timestamp = 1_796_000_200, token = made.GetProperty("token").GetString(),
            data = new { id = 1, call_id = 15, content = "De laadpaal knippert rood." },
        }));
        var call = await host.ScalarAsync<Guid>("SELECT id FROM call WHERE call_id = '15'");
        await host.UntilDueAsync($"target_id = '{call}' AND kind = 'call.read-text' AND state <> 'done'", count => count == 0);
        foreach (var action in new[] { "claim", "release", "done" })
        {
            await OkAsync(host.Administrator.PostAsync($"/api/calls/{call}/actions/{action}", null));
        }

        await OkAsync(host.Administrator.PostAsJsonAsync($"/api/calls/{call}/actions/note", new { text = "Komt morgen terug" }));
        var number = await IdOfAsync(host.Administrator.PostAsJsonAsync("/api/phone-numbers", new { contactId = await Sample.CreateAsync(host, "contact"), phoneNumber = "+31612345678" }));
        await OkAsync(host.Administrator.PostAsJsonAsync($"/api/calls/{call}/actions/link", new { phoneNumberId = number }));
        await OkAsync(host.Administrator.DeleteAsync($"{Tokens}/{made.GetProperty("id").GetGuid()}"));
    }

    private static async Task AlertsAsync(RunningHost host)
    {
        var (van, person) = (await host.CreateVehicleAsync(), (await host.Administrator.ReadAsync("/api/auth/me")).GetProperty("contactId").GetGuid());
        var fact = new AlertFact(AlertType.Overspeed, "vehicle", van, AlertSeverity.High) { VehicleId = van, FactAt = DateTimeOffset.UtcNow };
        var alert = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IEntityGrain<Alert>>(fact.AlertId);
        await AsTheHostAsync(new RaiseAlert(fact));
        foreach (var (action, body) in new (string, object)[] { ("assign", new { contactId = person }), ("snooze", new { minutes = 15 }), ("reopen", new { }), ("done", new { }) })
        {
            await OkAsync(host.Administrator.PostAsJsonAsync($"/api/alerts/{fact.AlertId}/actions/{action}", body));
        }

        await AsTheHostAsync(new EndAlert());
        async Task AsTheHostAsync(AlertCommand command) => Assert.True((await alert.ExecuteAsync(command, new(Guid.NewGuid(), Actor.System))).Succeeded);
    }

    private static async Task ThreadsAsync(RunningHost host)
    {
        var (admin, person) = (host.Administrator, await Sample.CreateAsync(host, "contact"));
        var entity = await host.ScalarAsync<Guid>("SELECT id FROM business_entity WHERE entity_code = 'chargecars'");
        await IdOfAsync(admin.PostAsJsonAsync("/api/communication-channels", new { businessEntityId = entity, channel = "email", name = "Every", address = "info@chargecars.nl" }));
        var mail = Conversations.Mail.Eml.Plain("Klant <every@example.nl>", "every-1@example.nl", "Storing", "Hij doet het niet.").AsSpan().ToArray();
        var taken = await (await admin.PostAsync("/api/messages/inbound/email", new ByteArrayContent(mail) { Headers = { ContentType = new("message/rfc822") } })).JsonAsync();
        var thread = taken.GetProperty("threadId").GetGuid();
        await OkAsync(admin.PostAsJsonAsync("/api/messages/inbound/portal", new { externalId = "every-1", bodyText = "Hoe laat?", businessEntity = "chargecars", email = "every@example.nl" }));
        foreach (var (action, body) in new (string, object)[]
        {
            ("assign", new { contactId = person }), ("snooze", new { until = DateTimeOffset.UtcNow.AddDays(1) }), ("reopen", new { }), ("mute", new { isMuted = true }),
            ("resolve", new { }), ("read", new { }),
        })
        {
            await OkAsync(admin.PostAsJsonAsync($"/api/threads/{thread}/actions/{action}", body));
        }

        await OkAsync(admin.PutAsJsonAsync($"/api/threads/{thread}/presence", new { state = "reading" }));
        await OkAsync(admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Onder ons", isNote = true, mentions = new[] { person } }));
        var draft = await IdOfAsync(admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Wij komen", isDraft = true }));
        await OkAsync(admin.PutAsJsonAsync($"/api/messages/{draft}", new { bodyText = "Wij komen morgen" }));
        await OkAsync(admin.PostAsJsonAsync($"/api/messages/{draft}/actions/send", new { }));
        await OkAsync(admin.PostAsync($"/api/messages/{draft}/actions/cancel", null));
        await OkAsync(admin.DeleteAsync($"/api/messages/{draft}"));
        var template = await Sample.CreateAsync(host, "message_template");
        await OkAsync(admin.MergePatchAsync($"/api/message-templates/{template}", "1", """{"body":"Beste {{ customer.name }}","language":"en","isActive":false}"""));
        var other = await Sample.CreateAsync(host, "communication_thread");
        await OkAsync(admin.PostAsJsonAsync($"/api/threads/{thread}/actions/move", new { messageId = taken.GetProperty("messageId").GetGuid(), toThreadId = other }));
        await host.UntilDueAsync("state = 'pending' AND due_at <= now()", count => count == 0);
    }

    private static async Task ErasureAsync(RunningHost host)
    {
        var (admin, person) = (host.Administrator, await Sample.CreateAsync(host, "contact"));
        await OkAsync(admin.MergePatchAsync($"/api/contacts/{person}", "1", """{"email":"erased-every@example.nl","mobile":null,"phone":null}"""));
        await IdOfAsync(admin.PostAsJsonAsync("/api/phone-numbers", new { contactId = person, phoneNumber = "+31687654321" }));
        await OkAsync(admin.PostAsJsonAsync("/api/messages/inbound/portal", new { externalId = "every-2", bodyText = "Wis mij", businessEntity = "chargecars", contactId = person }));
        await OkAsync(admin.GetAsync($"/api/contacts/{person}/export"));
        await OkAsync(admin.PostAsJsonAsync($"/api/contacts/{person}/actions/erase", new { reason = "asked for it" }));
        await host.UntilDueAsync("state = 'pending' AND due_at <= now()", count => count == 0);
    }

    private static async Task NumbersAsync(RunningHost host)
    {
        const string Series = "/api/number-sequences/ratioshop/order";
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var given = await (await host.Administrator.PostAsJsonAsync($"{Series}/next", new { ownerId = Guid.NewGuid() })).JsonAsync();
            await OkAsync(host.Administrator.PostAsJsonAsync($"{Series}/void", new { number = given.GetProperty("number").GetString(), reason = "never made" }));
        }
    }

    private static async Task RolesAndKeysAsync(RunningHost host)
    {
        var admin = host.Administrator;
        var role = await IdOfAsync(admin.PostAsJsonAsync("/api/roles", new
        {
            roleName = "every_command", description = "Of a test", permissions = new { resources = new[] { "vehicles.read" } },
        }));
        await OkAsync(admin.MergePatchAsync($"/api/roles/{role}", "1", """{"description":"Changed","isActive":false}"""));
        var key = await IdOfAsync(admin.PostAsJsonAsync("/api/api-keys", new
        {
            name = "every command", permissions = new[] { "vehicles.read" }, businessEntities = new[] { "chargecars" }, expiresAt = DateTimeOffset.UtcNow.AddDays(2),
        }));
        await OkAsync(admin.PostAsync($"/api/api-keys/{key}/actions/rotate", null));
        await OkAsync(admin.PostAsync($"/api/api-keys/{key}/actions/rotate", null));
        await OkAsync(admin.DeleteAsync($"/api/api-keys/{key}"));
    }

    private static async Task<(Guid Id, string Email)> UsersAsync(RunningHost host)
    {
        var (admin, contact) = (host.Administrator, Guid.CreateVersion7());
        var email = $"{contact:n}@example.nl";
        await ObservedChange.AsideAsync(host.Database, $"INSERT INTO contact (id, first_name, last_name, email) VALUES ('{contact}', 'Every', 'Command', '{email}')");
        var viewer = await host.ScalarAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'viewer'");
        var user = await IdOfAsync(admin.PostAsJsonAsync("/api/users", new { contactId = contact, roleId = viewer }));
        foreach (var action in new[] { "disable", "enable", "sign_out" })
        {
            await OkAsync(admin.PostAsync($"/api/users/{user}/actions/{action}", null));
        }

        var version = (await admin.ReadAsync($"/api/users/{user}")).GetProperty("version").GetInt64();
        await OkAsync(admin.MergePatchAsync($"/api/users/{user}", $"{version}", """{"scopes":["planning"]}"""));
        return (user, email);
    }

    private static async Task AccountAsync(RunningHost host, KeptNotifications sent, (Guid Id, string Email) user)
    {
        using var person = host.Anonymous();
        Task<HttpResponseMessage> PostAsync(string path, object? body = null) => person.PostAsJsonAsync($"/api/auth/{path}", body);

        await OkAsync(PostAsync("password/reset", new { token = await sent.TokenAsync(user.Email), password = Password }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("login", new { email = user.Email, password = "wrong" })).StatusCode);
        async Task<string> LoginAsync(string password)
        {
            person.DefaultRequestHeaders.Authorization = null;
            var login = await (await PostAsync("login", new { email = user.Email, password })).JsonAsync();
            person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("accessToken").GetString());
            return login.GetProperty("refreshToken").GetString()!;
        }

        var refresh = await LoginAsync(Password);
        await OkAsync(PostAsync("refresh", new { refreshToken = refresh }));
        await OkAsync(PostAsync("email/send"));
        await OkAsync(PostAsync("email/verify", new { token = await sent.TokenAsync(user.Email) }));
        await OkAsync(PostAsync("password/change", new { currentPassword = Password, password = Other }));
        var key = (await (await person.PostAsync("/api/auth/two-factor/setup", null)).JsonAsync()).GetProperty("secret").GetString();
        var code = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(key)).ComputeTotp();
        var codes = (await (await PostAsync("two-factor/enable", new { password = Other, code })).JsonAsync()).GetProperty("codes");
        await OkAsync(PostAsync("two-factor/disable", new { password = Other, code = codes[0].GetString() }));
        await OkAsync(person.DeleteAsync($"/api/auth/sessions/{(await person.ReadAsync("/api/auth/sessions")).GetProperty("items")[0].GetProperty("id").GetGuid()}"));
        await LoginAsync(Other);
        await OkAsync(person.PutAsync("/api/me/preferences", "0", new { views = new[] { new { name = "Rijdt", address = "#/kaart?status=rijdt" } } }));
        await OkAsync(person.PutAsync("/api/me/preferences", "1", new { folds = new[] { new { section = "equipment", isOpen = false } } }));
        await OkAsync(PostAsync("logout"));
    }

    // What the host does by the clock. Last, as the signing keys of the host are superseded by it.
    private static async Task KeepingAsync(RunningHost host)
    {
        var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        await ObservedChange.AsideAsync(host.Database, "UPDATE user_session SET expires_at = now() - interval '91 days' WHERE revoked");
        Assert.NotEqual(0, await new SessionRetention(source, TimeProvider.System).DeleteExpiredAsync(CancellationToken.None));
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow + SigningKeys.RotateAfter);
        var keys = new SigningKeys(source, host.Services.GetRequiredService<SecretBox>(), clock);
        await keys.EnsureAsync(CancellationToken.None);
        clock.Advance(SigningKeys.SignAfter + SigningKeys.KeepAfter);
        await keys.EnsureAsync(CancellationToken.None);
    }

    private static async Task OkAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<Guid> IdOfAsync(Task<HttpResponseMessage> created) =>
        (await (await created).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
}
