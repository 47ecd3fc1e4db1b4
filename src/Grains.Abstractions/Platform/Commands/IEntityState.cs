namespace ChargeCars;

/// <summary>What every entity's state carries.</summary>
public interface IEntityState<out TSelf>
{
    /// <summary>The row's id.</summary>
    Guid Id { get; }

    /// <summary>The row's version; the first is 1.</summary>
    long Version { get; }

    /// <summary>The same state as of a commit.</summary>
    TSelf Stamped(long version, DateTimeOffset updatedAt);
}
