using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>A kind of entity as the API knows it: what is the same for all kinds goes over these.</summary>
internal interface IEntityRoutes : IEntityLookup
{
    /// <summary>The address of its list.</summary>
    string Route { get; }

    /// <summary>The permission to see it.</summary>
    string Read { get; }

    /// <summary>The permission to write it.</summary>
    string Write { get; }

    /// <summary>A sound body for creation.</summary>
    object Example { get; }

    /// <summary>Whether rows can be deleted.</summary>
    bool IsDeletable { get; }

    /// <summary>Whether it is made by <c>POST</c> to the list with its details alone.</summary>
    bool IsMadeOfDetails { get; }

    /// <summary>The rows of other kinds that the example names.</summary>
    IEnumerable<EntityReference> ExampleReferences { get; }

    /// <summary>Maps its routes.</summary>
    void Map(IEndpointRouteBuilder routes);
}
