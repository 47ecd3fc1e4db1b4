using System.Text.Json;
using ChargeCars.Api.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>Somebody who asks: a person of a role, or a program by its key; what they may, read without the program's own reading of it.</summary>
internal sealed class Persona(string name, HttpClient client, IReadOnlySet<string> permissions) : IDisposable
{
    public const string Entity = "laderthuis";
    public const string OtherEntity = "zaptecshop";

    public HttpClient Client { get; } = client;

    public IReadOnlySet<string> Permissions { get; } = permissions;

    /// <summary>The role of a person; null for a program.</summary>
    public string? Role { get; init; }

    /// <summary>The one business entity that they see; null for all.</summary>
    public string? BusinessEntity { get; init; }

    /// <summary>The partner that they are limited to; null for no such limit.</summary>
    public Guid? Partner { get; init; }

    /// <summary>Vans of their own, the only ones that they see; null where they see all. Taken from the end.</summary>
    public Stack<Guid>? OwnVans { get; init; }

    public bool IsLimited => BusinessEntity is not null || Partner is not null || OwnVans is not null;

    /// <summary>The account of a person.</summary>
    public Guid AccountId => Guid.Parse(new JsonWebToken(Token).Subject);

    /// <summary>The key of a program.</summary>
    public string? Key => Role is null ? Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single() : null;

    /// <summary>The access token of a person.</summary>
    public string? Token => Role is null ? null : Client.DefaultRequestHeaders.Authorization!.Parameter;

    public static async Task<Persona> OfRoleAsync(RunningHost host, string role)
    {
        using var row = JsonDocument.Parse(await host.ScalarAsync<string>($"SELECT permissions::text FROM user_role WHERE role_name = '{role}'"));
        var resources = row.RootElement.GetProperty("resources").EnumerateArray().Select(item => item.GetString()!).ToHashSet();
        var filters = row.RootElement.GetProperty("data_filters");
        var vans = filters.GetProperty("user_scope").GetString() == "all" ? null : new Stack<Guid>();
        for (var n = 0; vans is not null && n < 12; n++)
        {
            vans.Push(await Things.VehicleAsync(host));
        }

        var persona = new Persona(role, await host.AsRoleAsync(role, [.. vans ?? []]), resources.Contains("*") ? Api.Identity.Permissions.All.ToHashSet() : resources)
        {
            Role = role,
            OwnVans = vans,
            BusinessEntity = row.RootElement.TryGetProperty("organizations", out var entities) ? entities[0].GetString() : null,
        };
        // A person of a partner's role belongs to the organization that was made with the account.
        return filters.GetProperty("organization_scope").GetString() == "partner" ? persona.With(persona.AccountId) : persona;
    }

    public static async Task<Persona> OfKeyAsync(RunningHost host, string name, IReadOnlyList<string> permissions, string? entity = null, Guid? partner = null, Guid[]? vans = null) =>
        new(name, await host.WithKeyAsync(new
        {
            name,
            permissions,
            businessEntities = entity is null ? null : new[] { entity },
            partnerOrganizationId = partner,
            vehicleIds = vans,
        }), permissions.ToHashSet())
        {
            OwnVans = vans is null ? null : new(vans),
            BusinessEntity = entity,
            Partner = partner,
        };

    public bool May(IEnumerable<string> needed) => needed.All(Permissions.Contains);

    public void Dispose() => Client.Dispose();

    public override string ToString() => name;

    private Persona With(Guid partner) => new(name, Client, Permissions) { Role = Role, BusinessEntity = BusinessEntity, OwnVans = OwnVans, Partner = partner };
}
