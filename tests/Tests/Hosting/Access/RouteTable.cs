namespace ChargeCars.Tests.Hosting.Access;

/// <summary>
/// Every route of the host: how it is asked well, and what it answers to whoever may. A route that is new is added here, or
/// the matrix fails. Who may is not said here: that is the route's own statement and the role's row.
/// </summary>
internal static class RouteTable
{
    private static readonly string[] Viewers = ["vehicles.read", "positions.read", "orders.read", "visits.read", "status.read", "alerts.read"];

    // An API key has no account and no session.
    private static readonly (Func<Persona, bool>, int)[] People = [(Who.IsProgram, 403)];

    private static readonly Dictionary<string, string> OfOrders = new() { ["numberType"] = "order", ["year"] = "2026" };

    public static IReadOnlyList<RouteCase> Cases { get; } =
    [
        // Open to all: the same for everybody.
        new("GET /", 200),
        new("HEAD /", 200),
        new("GET /assets/*", 200),
        new("HEAD /assets/*", 200),
        new("GET /health/live", 200),
        new("GET /health/ready", 200),
        new("GET /docs/{documentName?}", 200) { Values = new Dictionary<string, string> { ["documentName"] = "v1" } },
        new("GET /docs/*", 200),
        new("GET /openapi/{documentName}.json", 200) { Values = new Dictionary<string, string> { ["documentName"] = "v1" } },
        new("GET /track/{token}", 200) { Values = new Dictionary<string, string> { ["token"] = "none" } },
        new("HEAD /track/{token}", 200) { Values = new Dictionary<string, string> { ["token"] = "none" } },
        new("GET /api/track/{token}", 404) { Values = new Dictionary<string, string> { ["token"] = "none" } },
        new("POST /api/track/{token}/confirm", 404) { Values = new Dictionary<string, string> { ["token"] = "none" } },
        new("POST /api/track/{token}/reschedule", 404) { Values = new Dictionary<string, string> { ["token"] = "none" } },
        new("POST /api/auth/login", 401) { Costly = true, Body = (_, _) => Of(new { email = "nobody@example.nl", password = "wrong password" }) },
        new("POST /api/auth/two-factor", 400) { Body = (_, _) => Of(new { challenge = "none", code = "000000" }) },
        new("POST /api/auth/refresh", 401) { Body = (_, _) => Of(new { refreshToken = "none" }) },
        new("POST /api/auth/password/forgot", 202) { Body = (_, _) => Of(new { email = "nobody@example.nl" }) },
        new("POST /api/auth/password/reset", 400) { Body = (_, _) => Of(new { token = "none", password = "a new password" }) },
        new("POST /api/auth/email/verify", 400) { Body = (_, _) => Of(new { token = "none" }) },

        // No host of the tests has a file of streets: MapFileTests.
        new("GET /map/streets.pmtiles", 404),
        new("HEAD /map/streets.pmtiles", 404),

        // One's own account.
        new("GET /api/auth/me", 200),
        new("GET /api/permissions", 200),
        new("POST /api/auth/logout", 204) { Instead = People, Harms = true },
        new("POST /api/auth/password/change", 400) { Instead = People, Harms = true, Costly = true, Body = (_, _) => Of(new { currentPassword = "wrong", password = "a new password" }) },
        new("POST /api/auth/email/send", 202) { Instead = People, Harms = true },
        new("POST /api/auth/two-factor/setup", 200) { Instead = People, Harms = true },
        new("POST /api/auth/two-factor/enable", 400) { Instead = People, Harms = true, Costly = true, Body = (_, _) => Of(new { password = "wrong", code = "000000" }) },
        new("POST /api/auth/two-factor/disable", 400) { Instead = People, Harms = true, Costly = true, Body = (_, _) => Of(new { password = "wrong", code = "000000" }) },
        new("GET /api/auth/sessions", 200) { Instead = People, ListsOwn = true, Lists = Thing.Session },
        new("GET /api/auth/sessions/{id:guid}", 200, Thing.Session) { Instead = People },
        new("DELETE /api/auth/sessions/{id:guid}", 204, Thing.Session) { Instead = People, UsesUp = true },
        new("DELETE /api/auth/sessions", 204) { Instead = People, Harms = true },
        new("POST /api/auth/dashboard", 204) { Instead = People },
        new("GET /api/me/preferences", 200) { Instead = People },
        // Nothing was set yet, and version 1 is asked for: PreferenceTests.
        new("PUT /api/me/preferences", 412) { Instead = People, Body = (_, _) => Of(new { views = Array.Empty<object>() }) },
        new("GET /api/me/shared-views", 200) { Instead = People },

        // Accounts belong to no business entity: who is limited to some sees nobody.
        new("GET /api/users/", 200) { ListsOwn = true, Lists = Thing.User, Query = "?limit=500" },
        new("POST /api/users/", 201)
        {
            Instead = [(Who.SeesNobody, 403), (Who.Lacks(Viewers), 403)],
            Body = async (things, _) => new { contactId = await things.PersonAsync(), roleId = await things.GivableRoleAsync(), userOrganizationId = things.Persona.Partner },
        },
        new("GET /api/users/{id:guid}", 200, Thing.User),
        new("PATCH /api/users/{id:guid}", 200, Thing.User) { Instead = [(Who.Lacks(Viewers), 403)], Body = (_, _) => Of(new { scopes = Array.Empty<string>() }) },
        new("POST /api/users/{id:guid}/actions/{action}", 200, Thing.User) { Instead = [(Who.Lacks(Viewers), 403)], Values = Action("sign_out") },

        // A role is the company's or a partner's; others have it too, so who sees only some of the company's work changes none.
        new("GET /api/roles/", 200) { ListsOwn = true, Lists = Thing.Role, Query = "?limit=500" },
        new("POST /api/roles/", 201) { Instead = [(Who.SeesNobody, 403), (Who.Lacks("vehicles.read"), 403)], Body = (things, _) => Of(new { roleName = $"m_{Guid.NewGuid():n}", permissions = things.Grants() }) },
        new("GET /api/roles/{id:guid}", 200, Thing.Role),
        new("PATCH /api/roles/{id:guid}", 200, Thing.Role) { Instead = [(Who.SeesNobody, 403), (Who.Lacks("vehicles.read"), 403)], Body = (_, _) => Of(new { description = "Changed" }) },

        // Who is limited sees and makes keys that are limited at least as much.
        new("GET /api/api-keys/", 200) { ListsOwn = true, Lists = Thing.ApiKey, Query = "?limit=500" },
        new("POST /api/api-keys/", 201)
        {
            Body = async (things, _) => new
            {
                name = "By the matrix",
                permissions = new[] { "api_keys.manage" },
                businessEntities = things.Persona.BusinessEntity is { } entity ? new[] { entity } : null,
                partnerOrganizationId = things.Persona.Partner,
                vehicleIds = await things.LimitAsync(),
            },
        },
        new("GET /api/api-keys/{id:guid}", 200, Thing.ApiKey),
        new("DELETE /api/api-keys/{id:guid}", 204, Thing.ApiKey) { UsesUp = true },
        new("POST /api/api-keys/{id:guid}/actions/rotate", 200, Thing.ApiKey) { Instead = [(Who.Lacks("vehicles.read"), 403)] },

        // Vehicles are the whole company's: a partner sees none, and who sees some can't make more.
        new("GET /api/vehicles/", 200) { ListsOwn = true, Lists = Thing.Vehicle, Query = "?limit=500" },
        new("POST /api/vehicles/", 201) { Instead = [(Who.SeesNotAllVans, 403)], Body = (_, _) => Of(new { licensePlate = $"M-{Guid.NewGuid().ToString("N")[..8]}", vehicleType = "van" }) },
        new("GET /api/vehicles/{id:guid}", 200, Thing.Vehicle),
        new("PATCH /api/vehicles/{id:guid}", 200, Thing.Vehicle) { Body = (_, _) => Of(new { vehicleName = "Changed" }) },
        // A van of somebody's own is one that a team drives, and a van that is named can't be deleted.
        new("DELETE /api/vehicles/{id:guid}", 204, Thing.Vehicle) { UsesUp = true, Instead = [(Who.DrivesInATeam, 409)] },
        new("GET /api/vehicles/{id:guid}/actions", 200, Thing.Vehicle),
        new("POST /api/vehicles/{id:guid}/actions/{action}", 200, Thing.Vehicle) { UsesUp = true, Values = Action("drive") },
        new("GET /api/vehicles/{id:guid}/positions", 200, Thing.Vehicle),
        new("GET /api/vehicles/{id:guid}/trips", 200, Thing.Vehicle),
        new("GET /api/vehicles/{id:guid}/track.gpx", 200, Thing.Vehicle),
        new("PUT /api/vehicles/{id:guid}/working-hours", 200, Thing.Vehicle)
        {
            Body = (_, _) => Of(new { windows = new[] { new { days = new[] { "monday" }, from = "07:00", to = "08:00" } } }),
        },
        new("GET /api/vehicles/{id:guid}/working-hours", 404, Thing.Vehicle) { UsesUp = true },
        new("DELETE /api/vehicles/{id:guid}/working-hours", 204, Thing.Vehicle),
        new("GET /api/vehicles/nearest", 200) { Lists = Thing.Vehicle, Query = "?latitude=52.1&longitude=5.1&limit=100" },
        new("GET /api/fleet/", 200) { ListsOwn = true, Lists = Thing.Vehicle },
        new("GET /api/fleet/track", 200) { Lists = Thing.Vehicle, Query = Span() },

        new("POST /api/telemetry/positions", 200, Thing.Vehicle)
        {
            Foreign = 200, // each position has its own answer: unknown_vehicle
            Body = (_, id) => Of(new { positions = new[] { new { vehicleId = id, fixTime = DateTimeOffset.UtcNow, latitude = 52.1, longitude = 5.1 } } }),
        },
        new("POST /api/telemetry/traccar", 200, Thing.Vehicle)
        {
            Body = (_, id) => Of(new { position = new { latitude = 52.1, longitude = 5.1, fixTime = DateTimeOffset.UtcNow, valid = true }, device = new { uniqueId = id } }),
        },
        new("GET /api/telemetry/osmand/{key}", 401) { Values = new Dictionary<string, string> { ["key"] = "none" } },
        new("POST /api/telemetry/osmand/{key}", 401) { Values = new Dictionary<string, string> { ["key"] = "none" } },

        // Each kind by its own permission and scope: SearchScopeTests.
        new("GET /api/search", 200) { Query = "?q=nobody" },
        new("GET /api/places/", 200) { Query = "?q=neuweg" },
        new("GET /api/places/reverse", 200) { Query = "?latitude=52.1&longitude=5.1" },
        new("GET /api/status", 200),
        new("GET /api/schedule", 200) { Query = Span() },
        // Each part by the permission and scope of its own list: DeskTests.
        new("GET /api/desk/", 200) { Query = "?day=2026-03-02" },
        new("GET /api/desk/visits", 200) { Query = "?ids=0199a000-0000-7000-8000-000000000001" },
        new("GET /api/due-commands/", 200),
        new("POST /api/due-commands/{id:guid}/actions/retry", 404) { Values = new Dictionary<string, string> { ["id"] = Guid.NewGuid().ToString() } },

        new("GET /api/geofences/", 200) { ListsOwn = true, Lists = Thing.Geofence, Query = "?limit=500" },
        new("POST /api/geofences/", 201)
        {
            // A geofence watches all vehicles.
            Instead = [(Who.SeesNotAllVans, 403)],
            Body = (things, _) => Of(new
            {
                name = "By the matrix", businessEntity = things.Persona.BusinessEntity, shape = "circle", latitude = 52.1, longitude = 5.1, radiusMeters = 80,
            }),
        },
        new("GET /api/geofences/{id:guid}", 200, Thing.Geofence),
        new("PATCH /api/geofences/{id:guid}", 200, Thing.Geofence) { Instead = [(Who.SeesNotAllVans, 403)], Body = (_, _) => Of(new { name = "Changed" }) },
        new("DELETE /api/geofences/{id:guid}", 204, Thing.Geofence) { UsesUp = true, Instead = [(Who.SeesNotAllVans, 403)] },
        new("GET /api/geofence-events", 200) { Lists = Thing.Vehicle },

        new("GET /api/number-sequences/", 200) { Lists = Thing.Series },
        new("POST /api/number-sequences/{businessEntity}/{numberType}/next", 200, Thing.Series) { Values = OfOrders, Body = (_, _) => Of(new { ownerId = Guid.NewGuid() }) },
        new("POST /api/number-sequences/{businessEntity}/{numberType}/void", 200, Thing.Series)
        {
            Values = OfOrders,
            Body = async (things, series) => new { number = await things.NumberAsync(series), reason = "By the matrix" },
        },
        new("GET /api/number-sequences/{businessEntity}/{numberType}/{year:int}/numbers", 200, Thing.Series) { Values = OfOrders },

        new("GET /api/stock/", 200),
        new("GET /api/stock/pieces", 200),
        new("GET /api/stock/movements", 200),
        new("GET /api/stock/movements/{id:guid}", 404) { Values = Id() },
        new("POST /api/stock/movements", 400) { Body = (_, _) => Of(new { quantity = 1 }) },
        new("GET /api/stock/reservations", 200),
        new("GET /api/stock/reservations/{id:guid}", 404) { Values = Id() },
        new("POST /api/stock/reservations", 400) { Body = (_, _) => Of(new { quantity = 1 }) },
        new("DELETE /api/stock/reservations/{id:guid}", 404) { Values = Id() },
        new("GET /api/stock/checks", 200),
        new("POST /api/stock/checks", 201) { Instead = [(Who.IsLimited, 403)] },
        new("GET /api/stock/differences", 200),
        new("GET /api/installed-chargers/at/{addressId:guid}", 404) { Values = new Dictionary<string, string> { ["addressId"] = Guid.NewGuid().ToString() } },
        // Drafts, answers and threads of one's own are in ThreadScopeTests.
        new("GET /api/messages/{id:guid}", 404) { Values = Id() },
        new("PUT /api/messages/{id:guid}", 404) { Values = Id(), Body = (_, _) => Of(new { bodyText = "Changed" }) },
        new("DELETE /api/messages/{id:guid}", 404) { Values = Id() },
        new("POST /api/messages/{id:guid}/actions/send", 404) { Values = Id() },
        new("POST /api/messages/{id:guid}/actions/cancel", 404) { Values = Id() },
        new("POST /api/messages/{id:guid}/actions/retry", 404) { Values = Id() },
        new("POST /api/messages/{id:guid}/actions/confirm", 404) { Values = Id() },
        new("GET /api/messages/{id:guid}/raw", 404) { Values = Id() },
        new("GET /api/messages/{id:guid}/attachments/{number:int}", 404) { Values = new Dictionary<string, string> { ["id"] = Guid.NewGuid().ToString(), ["number"] = "0" } },
        // What comes in may be for any of the five names: closed to whoever sees a part.
        new("POST /api/messages/inbound/email", 400) { Instead = [(Who.IsLimited, 403)], Body = (_, _) => Of(new { From = "a@example.nl" }) },

        new("POST /api/messages/inbound/ses", 400) { Instead = [(Who.IsLimited, 403)], Body = (_, _) => Of(new { Type = "Notification" }) },
        new("POST /api/messages/status/email", 400) { Instead = [(Who.IsLimited, 403)], Body = (_, _) => Of(new { From = "a@example.nl" }) },
        // A portal of one of the names reaches that name's.
        new("POST /api/messages/inbound/portal", 400) { Instead = [(Who.SeesNotAllVans, 403)], Body = (_, _) => Of(new { externalId = "1" }) },
        new("POST /api/messages/status/portal", 404) { Instead = [(Who.SeesNotAllVans, 403)], Body = (_, _) => Of(new { messageId = Guid.NewGuid(), status = "read" }) },

        // A signature over what was sent is the credential; a host that knows no secret lets nobody in.
        new("GET /api/messages/inbound/whatsapp", 403),
        new("POST /api/messages/inbound/whatsapp", 401) { Body = (_, _) => Of(new { entry = Array.Empty<object>() }) },
        new("POST /api/messages/inbound/sms", 401),
        new("POST /api/messages/status/sms", 401),
        new("POST /api/messages/status/whatsapp", 401) { Body = (_, _) => Of(new { entry = Array.Empty<object>() }) },

        new("GET /api/calls/", 200),
        new("GET /api/calls/missed", 200),
        new("GET /api/calls/ringing", 200),
        new("POST /api/calls/{id:guid}/actions/claim", 404) { Values = Id() },
        new("POST /api/calls/{id:guid}/actions/release", 404) { Values = Id() },
        new("POST /api/calls/{id:guid}/actions/done", 404) { Values = Id() },
        new("POST /api/calls/{id:guid}/actions/link", 404) { Values = Id(), Body = (_, _) => Of(new { phoneNumberId = Guid.NewGuid() }) },
        new("POST /api/calls/{id:guid}/actions/note", 404) { Values = Id(), Body = (_, _) => Of(new { text = "By the matrix" }) },
        new("GET /api/calls/{id:guid}", 404) { Values = Id() },
        new("GET /api/calls/{id:guid}/recording", 404) { Values = Id() },
        new("GET /api/calls/{id:guid}/voicemail", 404) { Values = Id() },
        new("GET /api/calls/{id:guid}/text", 404) { Values = Id() },
        // Each by the permission and scope of what it is about: AlertScopeTests.
        new("GET /api/alerts/", 200),
        new("GET /api/alerts/count", 200),
        new("GET /api/alerts/colleagues", 200),
        new("POST /api/alerts/actions/see", 200) { Body = (_, _) => Of(new { ids = new[] { Guid.NewGuid() } }) },
        new("GET /api/alerts/{id:guid}", 404) { Values = Id() },
        new("GET /api/alerts/{id:guid}/actions", 404) { Values = Id() },
        new("POST /api/alerts/{id:guid}/actions/done", 404) { Values = Id() },
        new("POST /api/alerts/{id:guid}/actions/snooze", 404) { Values = Id(), Body = (_, _) => Of(new { minutes = 15 }) },
        new("POST /api/alerts/{id:guid}/actions/assign", 404) { Values = Id() },
        new("POST /api/alerts/{id:guid}/actions/reopen", 404) { Values = Id() },

        new("POST /api/telephony/aircall", 401) { Body = (_, _) => Of(new { resource = "call", @event = "call.created", timestamp = 1_796_000_000, token = "none", data = new { id = 1 } }) },
        new("POST /api/telephony/aircall/callback/{token}", 401)
        {
            Values = new Dictionary<string, string> { ["token"] = "none" }, Body = (_, _) => Of(new { event_name = "message.received", timestamp = 1_796_000_000_000, data = new { id = "m1" } }),
        },
        new("GET /api/telephony/agents", 200),
        new("GET /api/telephony/aircall/tokens/", 200) { Instead = [(Who.IsLimited, 403)] },
        new("POST /api/telephony/aircall/tokens/", 201) { Instead = [(Who.IsLimited, 403)], Body = (_, _) => Of(new { name = "By the matrix" }) },
        new("DELETE /api/telephony/aircall/tokens/{id:guid}", 404) { Instead = [(Who.IsLimited, 403)], Values = Id() },

        new("OPTIONS /api/attachments/uploads/", 204),
        new("POST /api/attachments/uploads/", 412),
        new("HEAD /api/attachments/uploads/{id:guid}", 412) { Values = Id() },
        new("PATCH /api/attachments/uploads/{id:guid}", 412) { Values = Id() },
        new("DELETE /api/attachments/uploads/{id:guid}", 412) { Values = Id() },

        // A row does not say whose it is: closed to whoever sees a part.
        new("GET /api/audit", 200) { Instead = [(Who.IsLimited, 403)] },
        new("GET /api/audit/export", 200) { Instead = [(Who.IsLimited, 403)], Query = $"?from={DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}" },

        // Over plain HTTP the hub has nothing to say; its methods are in HubMatrixTests.
        new("GET /hubs/dispatch/negotiate", 405),
        new("GET /hubs/dispatch", 400),

        // The runtime's dashboard, whose own routes are behind its door. What names a silo is answered 404 for one that is none (DashboardAccessTests).
        new("GET /dashboard/{**path}", 200) { Values = new Dictionary<string, string> { ["path"] = "version" } },
        new("GET /dashboard/HistoricalStats/{*path}", 404) { Values = Silo("path") },
        new("GET /dashboard/SiloProperties/{*address}", 404) { Values = Silo("address") },
        new("GET /dashboard/SiloMetadata/{*address}", 404) { Values = Silo("address") },
        new("GET /dashboard/SiloStats/{*address}", 404) { Values = Silo("address") },
        new("GET /dashboard/SiloCounters/{*address}", 404) { Values = Silo("address") },
        new("GET /dashboard/GrainStats/{*grainName}", 200) { Values = new Dictionary<string, string> { ["grainName"] = "none" } },
        new("GET /dashboard/Reminders/{page:int}", 200) { Values = new Dictionary<string, string> { ["page"] = "1" } },
        new("GET /dashboard/fonts/{**path}", 404) { Values = new Dictionary<string, string> { ["path"] = "none" } },
        new("GET /dashboard/img/{**path}", 404) { Values = new Dictionary<string, string> { ["path"] = "none" } },
        new("GET /dashboard/GrainState", 200) { Query = "?grainId=none&grainType=none" },
        new("GET /dashboard/*", 200),
    ];

    private static Task<object> Of(object body) => Task.FromResult(body);

    private static Dictionary<string, string> Action(string name) => new() { ["action"] = name };

    private static Dictionary<string, string> Id() => new() { ["id"] = Guid.NewGuid().ToString() };

    private static Dictionary<string, string> Silo(string parameter) => new() { [parameter] = "127.0.0.1:1@1" };

    private static string Span() =>
        $"?from={DateTimeOffset.UtcNow.AddMinutes(-10):yyyy-MM-ddTHH:mm:ssZ}&to={DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
}
