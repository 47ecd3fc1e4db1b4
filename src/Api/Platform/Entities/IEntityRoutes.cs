using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>A kind of entity as the API knows it: what is the same for all kinds goes over these.</summary>
internal interface IEntityRoutes
{
    /// <summary>The kind's table.</summary>
    string Table { get; }

    /// <summary>The address of its list.</summary>
    string Route { get; }

    /// <summary>The permission to see it.</summary>
    string Read { get; }

    /// <summary>The permission to write it.</summary>
    string Write { get; }

    /// <summary>A sound body for creation.</summary>
    object Example { get; }

    /// <summary>Maps its routes.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>Whether there is such a row and the caller sees it.</summary>
    Task<bool> SeesAsync(Caller caller, Guid id, CancellationToken cancellation);
}
