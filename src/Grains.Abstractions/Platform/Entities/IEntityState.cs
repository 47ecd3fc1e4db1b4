namespace ChargeCars;

/// <summary>What every entity's state carries.</summary>
public interface IEntityState
{
    /// <summary>The row's id.</summary>
    Guid Id { get; }

    /// <summary>The row's version: 1 at first, one more with every committed change; the ETag.</summary>
    long Version { get; }
}

/// <summary>A row that belongs to an entity and changes only with it, under its version: a line of an order, an assignee of a visit.</summary>
public interface IEntityPart
{
    /// <summary>The row's id.</summary>
    Guid Id { get; }
}

/// <summary>
/// Says that a column is read with its row and written by somebody else, such as a total beside a ledger: no command of the entity
/// writes it, so that none can put back what it knew of it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeptByOthersAttribute : Attribute;

/// <summary>Says that a list is kept in a PostgreSQL array (<c>text[]</c>, <c>uuid[]</c>); without it a list is <c>jsonb</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArrayColumnAttribute : Attribute;
