namespace ChargeCars.Platform.Search;

/// <summary>
/// A column that names a row of another kind: who finds that one, finds this one too, as far as they see both. Nothing of the other
/// is copied into this one's entry, so that a customer's new name is that of all orders at once.
/// </summary>
/// <param name="Table">The other kind's table.</param>
/// <param name="Column">The column, which has an index and is masked for nobody who sees the row.</param>
public sealed record FoundThrough(string Table, string Column);
