using Npgsql;

namespace ChargeCars.Platform.Storage.Rows;

/// <summary>A table and the columns that its record has.</summary>
public interface IRowMapping
{
    /// <summary>The table's name.</summary>
    string Table { get; }

    /// <summary>The columns by name and type.</summary>
    IEnumerable<(string Name, string SqlType)> Columns { get; }

    /// <summary>
    /// One statement that writes all of <paramref name="writes"/>, which are of one operation on this table. For rows of entities it
    /// answers one row with the ids of the commands that took effect, and says in the transaction which those are; for parts it
    /// writes those whose command took effect, and answers nothing.
    /// </summary>
    internal NpgsqlBatchCommand Write(RowOperation operation, bool parts, IReadOnlyList<RowWrite> writes);
}

/// <summary>What happens to a row.</summary>
internal enum RowOperation
{
    Delete,
    Update,
    Insert,
}

/// <summary>A row that a command writes.</summary>
/// <param name="Mapping">Its table.</param>
/// <param name="Operation">What happens to it.</param>
/// <param name="CommandId">The command.</param>
/// <param name="State">The record after it; of a deletion the record before it.</param>
/// <param name="ExpectedVersion">The version that the row must have; of no account for an insert and for parts.</param>
internal sealed record RowWrite(IRowMapping Mapping, RowOperation Operation, Guid CommandId, object State, long ExpectedVersion);
