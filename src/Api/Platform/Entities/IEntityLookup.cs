using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>A kind of row that others may refer to.</summary>
internal interface IEntityLookup
{
    /// <summary>The kind's table.</summary>
    string Table { get; }

    /// <summary>Whether there is such a row and the caller sees it.</summary>
    Task<bool> SeesAsync(Caller caller, Guid id, CancellationToken cancellation);
}
