using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using NpgsqlTypes;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>The scope that many kinds share: rows of the caller's business entities.</summary>
internal static class BusinessEntityScope
{
    /// <summary>The query with rows of the caller's business entities only.</summary>
    /// <param name="query">The query.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="orNone">Whether rows that belong to no business entity, and so serve all, are seen too.</param>
    /// <param name="column">The column that names the business entity.</param>
    public static ListQuery OfBusinessEntities(this ListQuery query, Caller caller, bool orNone = false, string column = "business_entity")
    {
        if (caller.BusinessEntities is not { } seen)
        {
            return query;
        }

        var words = seen.Select(WireText.Of).ToArray();
        return query with
        {
            Filters = [.. query.Filters, (orNone ? $"({column} IS NULL OR {column} = ANY ($))" : column, Sql.Array(NpgsqlDbType.Text, words))],
        };
    }

    /// <summary>The query without any row.</summary>
    public static ListQuery Nothing(this ListQuery query) =>
        query with { Filters = [.. query.Filters, ("id", Sql.Array<Guid>(NpgsqlDbType.Uuid, []))] };

    /// <summary>The refusal to write a row of a business entity that the caller does not have; null where they do.</summary>
    public static Invalid? Refuse(Caller caller, BusinessEntity? entity) =>
        caller.BusinessEntities is { } seen && (entity is not { } owner || !seen.Contains(owner))
            ? Invalid.Field("businessEntity", $"must be one of {string.Join(", ", seen.Select(WireText.Of))} for these credentials")
            : null;
}
