using System.Collections.Frozen;
using ChargeCars.Money.Numbering;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Identity;

/// <summary>Who makes a request and what they may do; put on the request by the authentication handlers.</summary>
/// <param name="Actor">Who, as audit rows and change events name them.</param>
/// <param name="Permissions">What they may do.</param>
/// <param name="BusinessEntities">The business entities whose data they may see and change; null for all.</param>
public sealed record Caller(Actor Actor, FrozenSet<string> Permissions, FrozenSet<BusinessEntity>? BusinessEntities)
{
    /// <summary>The partner organization whose data alone they may see and change; null for no such limit.</summary>
    public Guid? PartnerOrganizationId { get; init; }

    /// <summary>The session that a person's access token belongs to; null for programs.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The role of a person's account; null for programs.</summary>
    public Guid? RoleId { get; init; }

    /// <summary>The vehicles that a caller is limited to: a technician's own van; null for no such limit.</summary>
    public FrozenSet<Guid>? Vehicles { get; init; }

    /// <summary>The hash of the secret that a program came by: a key that is rotated has two for a while. Empty for people.</summary>
    internal ReadOnlyMemory<byte> SecretHash { get; init; }

    /// <summary>Distinguishes callers, for what is kept per caller.</summary>
    public string Key { get; } = $"{WireText.Of(Actor.Kind)}:{Actor.Id}";

    /// <summary>Whether the caller's scope includes a business entity.</summary>
    public bool Sees(BusinessEntity entity) => BusinessEntities is null || BusinessEntities.Contains(entity);

    /// <summary>The caller of an authenticated request.</summary>
    public static Caller Of(HttpContext http) => http.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The request was not authenticated: its endpoint lacks RequirePermission.");
}
