using System.Net.Http.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>Real objects, own and foreign, of one persona. Some are kept for what only reads; others are made anew for each call.</summary>
internal sealed class Things(RunningHost host, Persona persona)
{
    private readonly Dictionary<(Thing, bool), string?> _kept = [];

    public RunningHost Host => host;

    public Persona Persona => persona;

    /// <summary>An object that the persona sees; null where it can see none of the kind.</summary>
    public Task<string?> OwnAsync(Thing thing, bool anew) => GetAsync(thing, own: true, anew);

    /// <summary>An object that there is and the persona must not see; null where it sees all of the kind.</summary>
    public Task<string?> ForeignAsync(Thing thing) => GetAsync(thing, own: false, anew: false);

    /// <summary>An id that nobody has.</summary>
    public static string Nobodys(Thing thing) => thing == Thing.Series ? "nobody" : Guid.CreateVersion7().ToString();

    /// <summary>An account like the persona's, to be harmed.</summary>
    public async Task<HttpClient> TwinAsync() => persona.Role is { } role ? await host.AsRoleAsync(role) : persona.Client;

    /// <summary>Somebody without an account, whom the persona may give one.</summary>
    public async Task<Guid> PersonAsync()
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email, organization_id)
            VALUES ('{id}', 'New', 'Person', '{id}@example.nl', {(persona.Partner is { } partner ? $"'{partner}'" : "NULL")})
            """);
        return id;
    }

    /// <summary>A role that the persona may give.</summary>
    public Task<Guid> GivableRoleAsync() =>
        host.ScalarAsync<Guid>($"SELECT id FROM user_role WHERE role_name = '{(persona.Partner is null ? "viewer" : "partner")}'");

    /// <summary>The vehicles that a key of the persona's making may be for; null for all.</summary>
    public async Task<string[]?> LimitAsync() => persona.OwnVans is null ? null : [(await OwnAsync(Thing.Vehicle, anew: false))!];

    /// <summary>What a role of the persona's making may grant.</summary>
    public object Grants() => new
    {
        resources = new[] { "vehicles.read" },
        organizations = persona.BusinessEntity is { } entity ? new[] { entity } : [],
        data_filters = new { organization_scope = persona.Partner is null ? "all" : "partner", user_scope = persona.OwnVans is null ? "all" : "own" },
    };

    /// <summary>A van that is somewhere, and whose tracker is called as it is.</summary>
    public static async Task<Guid> VehicleAsync(RunningHost host)
    {
        var id = await host.CreateVehicleAsync();
        await host.ExecuteAsync($"UPDATE vehicle SET device_id = '{id}' WHERE id = '{id}'");
        using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { vehicleId = id, fixTime = DateTimeOffset.UtcNow.AddMinutes(-1), latitude = 52.1, longitude = 5.1 } },
        });
        Assert.Equal(1, (await sent.JsonAsync()).GetProperty("stored").GetInt32());
        return id;
    }

    /// <summary>The version of an object; 1 where there is none.</summary>
    public async Task<long> VersionAsync(Thing thing, string id)
    {
        var table = thing switch
        {
            Thing.Vehicle => "vehicle",
            Thing.Geofence => "geofence",
            Thing.User => "user_account",
            Thing.Role => "user_role",
            _ => null,
        };
        return table is null || id.Length == 0 ? 1 : await host.ScalarAsync<long>($"SELECT coalesce((SELECT version FROM {table} WHERE id = '{id}'), 1)");
    }

    public async Task<string> NumberAsync(string series)
    {
        using var answer = await host.Administrator.PostAsJsonAsync($"/api/number-sequences/{series}/order/next", new { ownerId = Guid.NewGuid() });
        return answer.IsSuccessStatusCode ? (await answer.JsonAsync()).GetProperty("number").GetString()! : "none";
    }

    private async Task<string?> GetAsync(Thing thing, bool own, bool anew)
    {
        if (!anew && _kept.TryGetValue((thing, own), out var kept))
        {
            return kept;
        }

        var made = own ? await MakeOwnAsync(thing) : await MakeForeignAsync(thing);
        if (!anew)
        {
            _kept[(thing, own)] = made;
        }

        return made;
    }

    private async Task<string?> MakeOwnAsync(Thing thing) => thing switch
    {
        Thing.None => "",
        Thing.Vehicle when persona.Partner is not null => null,
        Thing.Vehicle => (persona.OwnVans is { } vans ? vans.Pop() : await VehicleAsync(host)).ToString(),
        Thing.Geofence => persona.Partner is not null ? null : await GeofenceAsync(persona.BusinessEntity ?? Persona.Entity),
        Thing.Session => persona.Role is null ? null : await SessionAsync(persona.AccountId),
        Thing.User when persona.BusinessEntity is not null || persona.OwnVans is not null => null,
        Thing.User => await AccountAsync(persona.Partner),
        Thing.Role => await RoleAsync(persona.Partner),
        Thing.ApiKey => await KeyAsync(persona.BusinessEntity, persona.Partner, await LimitAsync()),
        Thing.Series => persona.Partner is not null ? null : persona.BusinessEntity ?? Persona.Entity,
        _ => throw new ArgumentOutOfRangeException(nameof(thing), thing, "Say here how an own one is made."),
    };

    private async Task<string?> MakeForeignAsync(Thing thing) => thing switch
    {
        Thing.None => null,
        Thing.Vehicle => persona.OwnVans is null && persona.Partner is null ? null : (await VehicleAsync(host)).ToString(),
        Thing.Geofence => persona.BusinessEntity is null && persona.Partner is null ? null : await GeofenceAsync(Persona.OtherEntity),
        Thing.Session => await SessionAsync(await host.ScalarAsync<Guid>("SELECT id FROM user_account ORDER BY created_at, id LIMIT 1")),
        Thing.User => persona.IsLimited ? await AccountAsync(null) : null,
        Thing.Role => persona.IsLimited ? await RoleAsync(await OtherPartnerAsync()) : null,
        Thing.ApiKey => persona.IsLimited ? await KeyAsync(null, null, null) : null,
        Thing.Series => persona.Partner is not null ? Persona.Entity : persona.BusinessEntity is not null ? Persona.OtherEntity : null,
        _ => throw new ArgumentOutOfRangeException(nameof(thing), thing, "Say here how a foreign one is made."),
    };

    private async Task<string> GeofenceAsync(string entity)
    {
        using var made = await host.Administrator.PostAsJsonAsync(
            "/api/geofences", new { name = "A yard", businessEntity = entity, shape = "circle", latitude = 52.1, longitude = 5.1, radiusMeters = 80 });
        return (await made.JsonAsync(System.Net.HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    private async Task<string> SessionAsync(Guid account)
    {
        var mark = PasswordMark.Of(await host.ScalarAsync<string>($"SELECT password FROM user_account WHERE id = '{account}'"));
        var answer = await host.Services.GetRequiredService<SignIn>().OpenAsync(account, mark, new DefaultHttpContext());
        return new JsonWebToken(answer!.AccessToken).GetClaim("sid").Value;
    }

    private async Task<string> AccountAsync(Guid? partner)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{id}', 'Some', 'Body', '{id}@example.nl');
            INSERT INTO user_account (id, contact_id, password, role_id, is_active, user_organization_id)
            SELECT '{id}', '{id}', '-', id, true, {(partner is null ? "NULL" : $"'{partner}'")} FROM user_role WHERE role_name = '{(partner is null ? "viewer" : "partner")}';
            """);
        return id.ToString();
    }

    private async Task<string> RoleAsync(Guid? partner)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO user_role (id, role_name, permissions, partner_organization_id)
            VALUES ('{id}', 'r_{id:n}', '{System.Text.Json.JsonSerializer.Serialize(Grants())}', {(partner is null ? "NULL" : $"'{partner}'")})
            """);
        return id.ToString();
    }

    private async Task<Guid> OtherPartnerAsync()
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"INSERT INTO organization (id, name) VALUES ('{id}', 'Another partner')");
        return id;
    }

    private async Task<string> KeyAsync(string? entity, Guid? partner, string[]? vans)
    {
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys", new
        {
            name = "A key",
            permissions = new[] { "vehicles.read" },
            businessEntities = entity is null ? null : new[] { entity },
            partnerOrganizationId = partner,
            vehicleIds = vans,
        });
        return (await made.JsonAsync(System.Net.HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }
}
