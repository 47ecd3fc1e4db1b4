using System.Collections.Frozen;
using ChargeCars.Api.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>The kinds that a field may refer to, by their tables.</summary>
internal sealed class EntityDirectory(IServiceProvider services)
{
    // Looked up at the first question: the kinds themselves ask here.
    private readonly Lazy<FrozenDictionary<string, IEntityLookup>> _kinds =
        new(() => services.GetServices<IEntityRoutes>().Concat(services.GetServices<IEntityLookup>()).ToFrozenDictionary(kind => kind.Table));

    /// <summary>The kind of a table; null where nothing may refer to the table.</summary>
    public IEntityLookup? Find(string table) => _kinds.Value.GetValueOrDefault(table);

    /// <summary>Names every reference that the caller does not see; null where there is none.</summary>
    public async Task<Invalid?> CheckAsync(IEnumerable<EntityReference> references, Caller caller, CancellationToken cancellation)
    {
        Dictionary<string, string[]>? faults = null;
        foreach (var reference in references)
        {
            if (reference.Id is { } id
                && !(Find(reference.Table) is { } kind && await kind.SeesAsync(caller, id, cancellation)))
            {
                (faults ??= [])[reference.Field] = [$"there is no {reference.Table.Replace('_', ' ')} {id}"];
            }
        }

        return faults is null ? null : new Invalid(faults);
    }
}
