using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Platform.Entities;

/// <summary>Sets what an editor may set, and so cannot lose what an editor can't.</summary>
internal static class EntityDetails<TState, TDetails>
    where TState : class, TDetails, new()
    where TDetails : class
{
    private static readonly Action<TState, TDetails>[] Copies =
        [.. typeof(TDetails).GetProperties().Where(property => property.CanWrite).Select(FieldCopy.Of<TState, TDetails>)];

    /// <summary>The state with the details in the place of its own.</summary>
    public static TState Into(TState state, TDetails details)
    {
        var copy = RowMapping<TState>.Copy(state);
        Array.ForEach(Copies, field => field(copy, details));

        return copy;
    }
}
